/**
 * flopgap beside the counters a person would otherwise use, on the same ONNX files, as whole processes:
 * `npm run bench:peers -- [--quick] [--markdown] [--counts-only] [--reasons] [--network SPEC]… [--venv FOLDER]`.
 *
 * Python is only their home: without it there is nothing to compare with, and the benchmark says so.
 */
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build, write } from 'flopgap'
import type { Case } from './peers/case.js'
import { convolutionCases } from './peers/convolution-cases.js'
import { pythonWithPeers, versions } from './peers/environment.js'
import { externalFile, graphCases } from './peers/graph-cases.js'
import { matrixCases } from './peers/matrix-cases.js'
import { printRatios, printTable } from './peers/report.js'
import { type Count, countAll, flopgap, peers, type Tool } from './peers/tools.js'
import { transformer } from './peers/transformer.js'
import { grouped, legend, verdictOf, verdictText } from './peers/verdict.js'
import { interleavedPairs } from './runs.js'
import { inTemporaryFolder, type ProcessCost } from './whole-process.js'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    reasons: { type: 'boolean', default: false },
    'counts-only': { type: 'boolean', default: false },
    network: { type: 'string', multiple: true, default: ['mobilenet-v2', 'transformer', 'vgg-16'] },
    venv: { type: 'string' },
  },
})
const pairs = options.quick ? 2 : 6
const cases: readonly Case[] = [...convolutionCases, ...matrixCases, ...graphCases]

const found = pythonWithPeers(options.venv)
if ('missing' in found) console.log(`skipped: ${found.missing}`)
else {
  console.log(`Node ${process.version}; ${versions(found.python)}\n`)
  await inTemporaryFolder((folder) => compare(peers(found.python), folder))
}

async function compare(others: readonly Tool[], folder: string): Promise<void> {
  countCases([flopgap, ...others], folder)
  if (options['counts-only']) return
  for (const name of options.network) await timeNetwork(name, await writeNetwork(name, folder), others, folder)
}

/** What each tool says of each small network. */
function countCases(tools: readonly Tool[], folder: string): void {
  const paths = cases.map((one, index) => {
    const path = join(folder, `case${index}.onnx`)
    writeFileSync(path, one.bytes)
    if (one.external !== undefined) writeFileSync(join(folder, externalFile), Buffer.alloc(one.external, 1))
    return path
  })
  const counts = tools.map((tool) => countAll(tool, paths, folder))
  const rows = cases.map((one, row) => [
    one.name,
    grouped(one.macs),
    grouped(one.params),
    ...counts.map((of) => verdictText(one, of[row] as Count)),
  ])
  const number = (of: readonly Count[], verdict: string) =>
    String(cases.filter((one, row) => verdictOf(one, of[row] as Count) === verdict).length)
  const sums = (['right', 'open', 'wrong', 'cannot'] as const).map((verdict) => [
    { right: 'right', open: 'not right, and says so', wrong: 'wrong without a word', cannot: 'cannot' }[verdict],
    '',
    '',
    ...counts.map((of) => number(of, verdict)),
  ])
  printTable(
    `Counts of ${cases.length} small networks`,
    ['network', 'MACs', 'params', ...tools.map(({ name }) => name)],
    [...rows, ...sums],
    options.markdown,
  )
  console.log(`${legend}\n`)
  if (options.reasons) printReasons(tools, counts)
}

/** Why a tool cannot take a network. */
function printReasons(tools: readonly Tool[], counts: readonly (readonly Count[])[]): void {
  for (const [column, tool] of tools.entries()) {
    for (const [row, one] of cases.entries()) {
      const count = counts[column]?.[row]
      if (count !== undefined && 'error' in count)
        console.log(`${tool.name}, ${one.name}: ${count.error.slice(0, 200)}`)
    }
  }
  console.log()
}

/** Writes a network: `transformer`, or what an architecture's spec says. */
async function writeNetwork(name: string, folder: string): Promise<string> {
  const path = join(folder, 'network.onnx')
  if (name === 'transformer') writeFileSync(path, transformer())
  else await write(build(name), 0, path)
  return path
}

/** Wall time and peak memory of each tool as multiples of flopgap's, pair by pair. */
async function timeNetwork(name: string, path: string, others: readonly Tool[], folder: string): Promise<void> {
  const rows = []
  for (const tool of others) {
    const warm = [tool, flopgap].map((one) => one.counts(one.run([path], folder).stdout)[0])
    if (warm[0] === undefined || 'error' in warm[0]) {
      rows.push({ tool: tool.name, failure: warm[0]?.error ?? 'no output' })
      continue
    }
    const all = await interleavedPairs(
      pairs,
      async () => finished(tool, path, folder),
      async () => finished(flopgap, path, folder),
    )
    rows.push({
      tool: tool.name,
      pairs: all,
      count: warm[0],
      own: warm[1],
      seconds: all.map(({ a }) => secondsOf(tool, a.stdout)),
    })
  }
  const megabytes = Math.round(statSync(path).size / 1e6)
  printRatios(`${name}, ${megabytes} MB, ${pairs} pairs`, rows, options.markdown)
}

function finished(tool: Tool, path: string, folder: string): ProcessCost {
  const cost = tool.run([path], folder)
  if (cost.status !== 0) throw new Error(`${tool.name} left with ${cost.status}: ${cost.stderr}`)
  return cost
}

function secondsOf(tool: Tool, stdout: string): number {
  const count = tool.counts(stdout)[0]
  return count === undefined || 'error' in count ? Number.NaN : (count.seconds ?? Number.NaN)
}
