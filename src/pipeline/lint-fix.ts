import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { latencyOf, relativeSpeed } from '../analyzers/latency.js'
import { foldedValues } from '../analyzers/rules/fold.js'
import { leftOver, mergeEdits } from '../analyzers/rules/merge-edits.js'
import { Wiring } from '../analyzers/rules/wiring.js'
import { FlopgapError } from '../errors.js'
import { noBinding } from '../onnx/bind.js'
import { constantsIn } from '../onnx/constant.js'
import { editedCopy, type FileEdit, noFileEdit } from '../onnx/edited-copy.js'
import { load } from '../onnx/load.js'
import { weightFloats } from '../onnx/weight-floats.js'
import { writeAtomically } from '../output.js'
import type { JobModel } from '../runtime/job.js'
import { joined, sampleLaunches } from '../runtime/launches.js'
import { runTasks } from '../runtime/measure.js'
import { withScratchFolder } from '../runtime/scratch.js'
import type { FixedModel, FixReport, Graph, GraphEdit, Model, SessionSettings } from '../types.js'
import { fileHash } from './file-hash.js'
import { type LintOptions, lintWithDrafts } from './lint.js'
import { feedTypes } from './profile.js'
import { typed } from './typed.js'
import { withFile } from './with-file.js'

/** Folding rounds weights anew, by 6e-8 each; sums of thousands of products come to far less than this. */
const tolerance = 1e-4

/**
 * Writes a model without the findings that can be fixed. Its outputs are compared with those of the model, on random inputs,
 * before it takes its place, and both are measured by turns. Where there is nothing to fix, nothing is written.
 *
 * @throws FlopgapError as `lintModel`; `outputs-differ`, `unwritable-output`
 */
export async function fixModel(model: Model, path: string, options: LintOptions = {}): Promise<FixReport> {
  const { report, found, graph } = await lintWithDrafts(model, options)
  const fixes = found.flatMap(({ finding, draft }) =>
    draft.fix === undefined ? [] : [{ rule: finding.rule, node: finding.nodes[0] ?? '', ...draft.fix }],
  )
  const { edit, taken } = mergeEdits(fixes.map((fix) => fix.edit))
  const changes = fixes.filter((_, index) => taken[index]).map(({ rule, node, change }) => ({ rule, node, change }))
  const left = fixes.length - changes.length
  if (changes.length === 0) return { model: report.model, changes, left, written: null }
  const written = await withFile(graph, options.seed ?? 0, (file, original) =>
    writeFixed(graph, { ...file, inputs: feedTypes(graph) }, original, path, edit, options),
  )
  return { model: report.model, changes, left, written }
}

async function writeFixed(
  graph: Graph,
  before: JobModel,
  original: string,
  path: string,
  edit: GraphEdit,
  options: LintOptions,
): Promise<FixedModel> {
  const source = load(original)
  checkData(source, path)
  const settings: SessionSettings = { provider: 'cpu', threads: options.threads ?? 1, optimization: 'all' }
  options.onProgress?.('comparing outputs', 0)
  const change = fileEdit(graph, source, edit)
  let largestDifference = await insideDifference(original, change, exposedBy(source, edit), before.inputs, settings)
  await writeAtomically(path, editedCopy(original, change), async (place) => {
    const atOutputs = await withFixed(place, options, (after) => compared(before, after, settings))
    largestDifference = Math.max(largestDifference, atOutputs)
  })
  const timed = await withFixed(path, options, (after) => measured([before, after], settings, options))
  return {
    path,
    byteLength: statSync(path).size,
    sha256: await fileHash(path),
    ...{ largestDifference, tolerance },
    before: { nodes: source.nodes.length, latencyMs: timed.before },
    after: { nodes: load(path).nodes.length, latencyMs: timed.after },
    speedup: timed.speedup,
  }
}

/**
 * Paths in a file are told from its folder.
 *
 * @throws FlopgapError `unwritable-output` where the fixed model would not find the weights that lie beside the model
 */
function checkData({ origin, weights }: Model, path: string): void {
  const own = origin.kind === 'file' ? origin.path : ''
  const isBeside = [...weights.values()].some(({ data }) => data.kind === 'file' && data.path !== own)
  if (!isBeside || dirname(own) === dirname(resolve(path))) return
  throw new FlopgapError(
    'unwritable-output',
    `the weights of the model lie beside it, in ${dirname(own)}, where ${path} would not find them`,
    'Give -o a place in that folder.',
  )
}

function fileEdit(graph: Graph, source: Model, edit: GraphEdit): FileEdit {
  const constants = constantsIn(source)
  const values = (name: string) => {
    const weight = constants.get(name)
    if (weight === undefined) throw new Error(`the model has no weight ${name}`)
    return weightFloats(weight)
  }
  const gone = leftOver(new Wiring(graph), source.weights.keys(), edit)
  return {
    removedNodes: new Set([...edit.removedNodes, ...gone.nodes]),
    inputs: edit.inputs,
    outputs: edit.outputs,
    removedWeights: gone.weights,
    // what is no weight any more must not be asked for as an input
    removedInputs: new Set([...edit.fixedWeights, ...gone.weights]),
    removedTensors: gone.tensors,
    exposed: [],
    added: edit.added.map((folded) => ({
      name: folded.name,
      dims: folded.dims,
      values: foldedValues(folded, values),
    })),
  }
}

/** A file to run with the sizes that the model was linted with. */
async function withFixed<T>(path: string, options: LintOptions, use: (file: JobModel) => Promise<T>): Promise<T> {
  const graph = await typed(load(path), options.binding ?? noBinding)
  return withFile(graph, 0, (file) => use({ ...file, inputs: feedTypes(graph) }))
}

/** What the layers that were changed give, where the two models must agree. */
const exposedBy = ({ nodes }: Model, { inputs, outputs }: GraphEdit): string[] =>
  [...inputs.keys()].flatMap((index) => (outputs.get(index) ?? nodes[index]?.outputs ?? []).slice(0, 1))

/**
 * The largest difference right behind the changes: an output may hide one, as a sigmoid does.
 *
 * @throws FlopgapError `outputs-differ`
 */
async function insideDifference(
  original: string,
  change: FileEdit,
  exposed: readonly string[],
  inputs: JobModel['inputs'],
  settings: SessionSettings,
): Promise<number> {
  if (exposed.length === 0) return 0
  return withScratchFolder(async (folder) => {
    const file = (name: string): JobModel => ({ path: join(folder, name), dataFolder: dirname(original), inputs })
    const [before, after] = [file('before.onnx'), file('after.onnx')]
    await writeAtomically(before.path, editedCopy(original, { ...noFileEdit, exposed }))
    await writeAtomically(after.path, editedCopy(original, { ...change, exposed }))
    return compared(before, after, settings, exposed)
  })
}

/**
 * The largest difference of outputs. One that rounding alone changes as much, by onnxruntime's own optimisations, says
 * nothing and is left out.
 *
 * @param names those that are compared; all by default
 * @throws FlopgapError `outputs-differ`
 */
async function compared(
  before: JobModel,
  after: JobModel,
  settings: SessionSettings,
  names?: readonly string[],
): Promise<number> {
  const [answer] = await runTasks([{ kind: 'compare', models: [before, after] }], settings)
  const all = answer?.kind === 'compare' ? answer.differences : []
  const own = all.filter(({ name, difference, rounding }) => {
    const isRounding = difference !== null && rounding !== null && difference <= mostRounding * rounding
    return names === undefined ? !isRounding || difference <= tolerance : names.includes(name)
  })
  const largest = Math.max(0, ...own.map(({ difference }) => difference ?? Number.POSITIVE_INFINITY))
  if (largest <= tolerance) return largest
  const how = Number.isFinite(largest) ? `differ by ${largest.toExponential(1)} of their size` : 'cannot be compared'
  throw new FlopgapError(
    'outputs-differ',
    `outputs of the fixed model ${how}, more than the ${tolerance} of rounding: nothing is written`,
    'This is a defect of the fix; leave its rule out with the configuration.',
  )
}

/** One rounding is no worse than another by more than this. */
const mostRounding = 4

async function measured(
  models: readonly [JobModel, JobModel],
  settings: SessionSettings,
  { maxTimeMs = 10_000, onProgress = () => {} }: LintOptions,
) {
  const sampled = await sampleLaunches(models, settings, {
    totalMs: maxTimeMs,
    onProgress: (phase, share) => onProgress(`${phase} both models`, share),
  })
  const [before, after] = [joined(sampled[0] ?? []), joined(sampled[1] ?? [])]
  return { before: latencyOf(before), after: latencyOf(after), speedup: relativeSpeed(before, after) }
}
