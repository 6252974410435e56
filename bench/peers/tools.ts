import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../runs.js'
import { type ProcessCost, wholeProcess } from '../whole-process.js'

/** What a tool says of a model. */
export type Count =
  | {
      readonly macs: number
      readonly params: number
      /** Operators that the tool says it left out. */
      readonly leftOut: readonly string[]
      /** Time spent after the tool's own imports. */
      readonly seconds: number | null
    }
  | { readonly error: string }

export interface Tool {
  readonly name: string
  /** Runs the tool on models, as a whole process. */
  readonly run: (paths: readonly string[], cwd: string) => ProcessCost
  /** The counts in a run's output, in the models' order. */
  readonly counts: (stdout: string) => Count[]
  /** Models that one process can take. */
  readonly atOnce: number
}

export const flopgap: Tool = {
  name: 'flopgap',
  run: ([path = ''], cwd) =>
    wholeProcess(process.execPath, [join(root, 'bin/flopgap.js'), 'analyze', path, '--format', 'json'], { cwd }),
  counts: (stdout) => {
    if (stdout === '') return []
    const { totals, coverage } = JSON.parse(stdout)
    return [{ macs: totals.macs, params: totals.params, leftOut: coverage.uncountedOps, seconds: null }]
  },
  atOnce: 1,
}

const folder = fileURLToPath(new URL('.', import.meta.url))

const peer = (python: string, name: string, script: string): Tool => ({
  name,
  run: (paths, cwd) => wholeProcess(python, [join(folder, script), ...paths], { cwd }),
  counts: (stdout) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line)),
  atOnce: 1000,
})

export const peers = (python: string): readonly Tool[] => [
  peer(python, 'onnx-tool', 'with_onnx_tool.py'),
  peer(python, 'onnx-opcounter', 'with_onnx_opcounter.py'),
  peer(python, 'fvcore', 'with_fvcore.py'),
  peer(python, 'thop', 'with_thop.py'),
  peer(python, 'ptflops', 'with_ptflops.py'),
]

/** What a tool says of each model; a model that ends the process is one it cannot take. */
export function countAll(tool: Tool, paths: readonly string[], cwd: string): Count[] {
  const counts: Count[] = []
  while (counts.length < paths.length) {
    const batch = paths.slice(counts.length, counts.length + tool.atOnce)
    const { stdout, stderr } = tool.run(batch, cwd)
    const found = tool.counts(stdout).slice(0, batch.length)
    counts.push(...found)
    if (found.length < batch.length) counts.push({ error: stderr.trim().split('\n').at(-1) ?? 'no output' })
  }
  return counts
}
