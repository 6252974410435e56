/**
 * Does `analyze` follow the structure of a file rather than its weights, and is it linear in its nodes?
 * `npm run bench:size -- [--quick] [--markdown]`. Every figure is of whole processes, by turns.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from '../src/stats.js'
import { residualChain, writeExternal } from './chains.js'
import { printTable, ratio } from './peers/report.js'
import { flopgap } from './peers/tools.js'
import { interleavedPairs } from './runs.js'
import { inTemporaryFolder, type ProcessCost } from './whole-process.js'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, markdown: { type: 'boolean', default: false } },
})

await inTemporaryFolder(async (folder) => {
  await weights(folder)
  await nodes(folder)
})

/** The same 40 layers with 10.7 GB and with 42 MB of external data. */
async function weights(folder: string): Promise<void> {
  const layers = 40
  const [heavy, light] = [8192, 512].map((width) => {
    const path = join(folder, `wide${width}.onnx`)
    return { path, bytes: writeExternal(path, layers, width) }
  }) as [External, External]
  const pairs = await byTurns(options.quick ? 3 : 15, heavy.path, light.path)
  const rows = [
    row(
      `${(heavy.bytes / 1e9).toFixed(1)} GB of weights`,
      pairs.map(({ a }) => a),
    ),
    row(
      `${(light.bytes / 1e6).toFixed(0)} MB of weights`,
      pairs.map(({ b }) => b),
    ),
    ['heavy / light, wanted about 1', ratio(pairs.map(({ a, b }) => a.ms / b.ms)), ratio(peaks(pairs))],
  ]
  printTable(
    `${layers} layers, external data, ${pairs.length} pairs`,
    ['model', 'time', 'peak (wanted below 300 MB)'],
    rows,
    options.markdown,
  )
}

type External = { readonly path: string; readonly bytes: number }

/** Residual chains of 50,000 and of 5,000 nodes. */
async function nodes(folder: string): Promise<void> {
  const [long, short, shortest] = [50_000, 5_000, 14].map((count) => {
    const path = join(folder, `chain${count}.onnx`)
    writeFileSync(path, residualChain(count))
    return { count, path }
  }) as [Chain, Chain, Chain]
  const startMs = median(Array.from({ length: 5 }, () => analyzed(shortest.path).ms))
  const pairs = await byTurns(options.quick ? 2 : 6, long.path, short.path)
  const perNode = (less: number) => pairs.map(({ a, b }) => (a.ms - less) / long.count / ((b.ms - less) / short.count))
  const rows = [
    row(
      '50,000 nodes',
      pairs.map(({ a }) => a),
    ),
    row(
      '5,000 nodes',
      pairs.map(({ b }) => b),
    ),
    ['time of a node, long / short, wanted at most 1.5', ratio(perNode(0)), ''],
    [`the same less the ${startMs.toFixed(0)} ms that 14 nodes take`, ratio(perNode(startMs)), ''],
    ['long / short', ratio(pairs.map(({ a, b }) => a.ms / b.ms)), ratio(peaks(pairs))],
  ]
  printTable(`Residual chains, ${pairs.length} pairs`, ['model', 'time', 'peak'], rows, options.markdown)
}

type Chain = { readonly count: number; readonly path: string }
type Pair = { readonly a: ProcessCost; readonly b: ProcessCost }

async function byTurns(pairs: number, a: string, b: string): Promise<Pair[]> {
  for (const path of [a, b]) analyzed(path)
  return interleavedPairs(
    pairs,
    async () => analyzed(a),
    async () => analyzed(b),
  )
}

function analyzed(path: string): ProcessCost {
  const cost = flopgap.run([path], '.')
  if (cost.status !== 0) throw new Error(`analyze left with ${cost.status}: ${cost.stderr}`)
  return cost
}

function row(name: string, costs: readonly ProcessCost[]): string[] {
  const known = costs.flatMap(({ peakBytes }) => peakBytes ?? [])
  const peak = known.length === 0 ? 'not measured' : `${(median(known) / 1e6).toFixed(0)} MB`
  return [name, `${(median(costs.map(({ ms }) => ms)) / 1000).toFixed(3)} s`, peak]
}

/** NaN where peaks are not known. */
function peaks(pairs: readonly Pair[]): number[] {
  return pairs.map(({ a, b }) => (a.peakBytes ?? Number.NaN) / (b.peakBytes ?? Number.NaN))
}
