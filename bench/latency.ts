/**
 * Is the latency that `profile` reports that of a bare loop of `session.run`? Both run in processes of their own, by
 * turns: `npm run bench:latency`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, load, profile, write } from 'flopgap'
import { interleavedRatio, root } from './runs.js'

const pairs = 30
const sampleMs = 1500

const folder = mkdtempSync(join(tmpdir(), 'flopgap-bench-'))
try {
  for (const spec of ['mobilenet-v2', 'mobilenet-v1:width=0.25,resolution=128', 'resnet-50']) {
    const path = join(folder, 'model.onnx')
    await write(build(spec), 0, path)
    const model = load(path)
    const reported = async () => (await profile(model, { maxTimeMs: sampleMs / 0.55 })).measurement.latencyMs.point
    await reported()
    const { ratio, lower, upper, a, b } = await interleavedRatio(pairs, reported, async () => bareLoop(path))
    console.log(
      `${spec}: profile ${a.toFixed(3)} ms, bare loop ${b.toFixed(3)} ms, ratio ${ratio.toFixed(4)}; ` +
        `95 % interval ${lower.toFixed(4)} to ${upper.toFixed(4)}, ${pairs} pairs, wanted within 1 %`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}

function bareLoop(path: string): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/bare-loop.ts', path, String(sampleMs)],
    { cwd: root, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the bare loop failed: ${stderr}`)
  return Number(stdout)
}
