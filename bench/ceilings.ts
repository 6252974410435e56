/**
 * Do the ceilings agree with what the processor reaches without onnxruntime? An FMA loop and STREAM's Add (bench/peak.py,
 * which needs Python and a C compiler) and `flopgap calibrate` by turns: `npm run bench:ceilings`. Wanted: within 15 %.
 */
import { spawnSync } from 'node:child_process'
import { median } from 'simple-statistics'
import type { Ceilings } from '../src/types.js'
import { interleavedPairs, root } from './runs.js'

interface Peak {
  readonly flopsPerSecond: number
  readonly stream: readonly {
    readonly workingSetBytes: number
    readonly bytesPerSecond: number
    readonly byVectorBytes: Readonly<Record<string, number>>
  }[]
}

const pairs = 3
const sizes = [24576, 98304, 393216, 6291456, 25165824, 402653184]

const runs = await interleavedPairs(
  pairs,
  async () => output<{ ceilings: Ceilings }>(process.execPath, ['bin/flopgap.js', 'calibrate', '--format', 'json']),
  async () => output<Peak>('python3', ['bench/peak.py', ...sizes.map(String)]),
)
const ratio = (of: (ceilings: Ceilings, peak: Peak) => number) =>
  median(runs.map(({ a, b }) => of(a.ceilings, b))).toFixed(3)
console.log(`arithmetic, calibrate / FMA: ${ratio((ceilings, peak) => ceilings.flopsPerSecond / peak.flopsPerSecond)}`)
/** 16 bytes are the vectors that onnxruntime's additions are compiled for, which shows where data are nearest. */
const widths = { '64 bytes': '64', '16 bytes': '16' }
for (const size of sizes) {
  const at = <T extends { readonly workingSetBytes: number }>(points: readonly T[]) =>
    points.find((point) => point.workingSetBytes === size)
  const ratios = Object.entries(widths).map(([name, width]) => {
    const stream = (peak: Peak) => at(peak.stream)?.byVectorBytes[width] ?? 0
    return `${ratio((ceilings, peak) => (at(ceilings.bandwidth)?.bytesPerSecond ?? 0) / stream(peak))} in vectors of ${name}`
  })
  console.log(`bandwidth at ${size / 1e6} MB, calibrate / STREAM Add: ${ratios.join(', ')}`)
}

function output<T>(command: string, args: readonly string[]): T {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
  return JSON.parse(stdout) as T
}
