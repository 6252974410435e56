/** How long flopgap takes to start, as ratios to bare Node and to loading onnxruntime: `npm run bench:startup`. */
import { interleavedRatio, processMs } from './runs.js'

const pairs = 60

const comparisons = [
  { name: 'flopgap list', of: ['bin/flopgap.js', 'list'], to: ['-e', '0'], than: 'node -e 0', limit: 1.6 },
  {
    name: 'flopgap analyze mobilenet-v2',
    of: ['bin/flopgap.js', 'analyze', 'mobilenet-v2'],
    to: ['-e', "require('onnxruntime-node')"],
    than: `node -e "require('onnxruntime-node')"`,
    limit: 2,
  },
]

for (const { name, of, to, than, limit } of comparisons) {
  for (const args of [of, to]) processMs(args)
  const { ratio, lower, upper, a, b } = await interleavedRatio(
    pairs,
    async () => processMs(of),
    async () => processMs(to),
  )
  console.log(
    `${name}: ${a.toFixed(1)} ms, ${ratio.toFixed(2)} times ${than} (${b.toFixed(1)} ms); ` +
      `95 % interval ${lower.toFixed(2)} to ${upper.toFixed(2)}, ${pairs} pairs, wanted at most ${limit}`,
  )
}
