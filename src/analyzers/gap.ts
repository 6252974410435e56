import { median, scaled } from '../stats.js'
import type {
  Analysis,
  Attribution,
  AttributionSummary,
  Ceilings,
  Environment,
  Estimate,
  ExecutedKernel,
  GapReport,
  InsertedKernel,
  KernelGap,
  Measurement,
  NodeFate,
  OpShare,
  Startup,
  Warning,
} from '../types.js'
import { blocksOf } from './blocks.js'
import { causesOf } from './causes.js'
import { predictLatency } from './kernel-time/predict.js'
import { kernelGaps, mainLayer } from './kernels.js'
import { latencyOf } from './latency.js'
import { providerShares, providerWarnings, sumOfKnown } from './providers.js'
import { rateOf } from './roofline.js'
import { runtimeMs } from './unprofiled.js'

export interface GapInput {
  readonly analysis: Analysis
  readonly environment: Environment
  readonly ceilings: Ceilings
  readonly measurement: Measurement
  readonly attribution: Attribution
}

/** Puts theory and measurement in one record and says where the difference comes from. */
export function gapReport({ analysis, environment, ceilings, measurement, attribution }: GapInput): GapReport {
  const latencyMs = latencyOf(measurement)
  const outsideMs = runtimeMs(ceilings, measurement.outputBytes)
  const times = { outsideMs, latencyMs: latencyMs.point }
  const { kernels, predicted } = kernelGaps(analysis.layers, measurement, attribution, ceilings, times)
  const flopsTimeMs = promisedMs(analysis, ceilings)
  const profilerInflation = measurement.profiledWallMs / measurement.plainWallMs
  const summary = summarize(analysis, measurement.executed.kernels, kernels, attribution)
  return {
    ...analysis,
    warnings: [
      ...analysis.warnings,
      ...providerWarnings(environment, kernels),
      ...warningsOf(measurement, environment, kernels, summary, profilerInflation),
    ],
    environment,
    ceilings,
    measurement: {
      ...measurement,
      latencyMs,
      profilerInflation,
      startup: startupOf(measurement),
      throughput: throughputOf(analysis, latencyMs),
    },
    theory: { flopsTimeMs, rooflineMs: kernels.reduce((sum, { rooflineMs }) => sum + rooflineMs, 0) },
    gap: flopsTimeMs === 0 ? null : scaled(latencyMs, 1 / flopsTimeMs),
    causes: causesOf(kernels, outsideMs, latencyMs.point),
    kernels,
    blocks: blocksOf(kernels),
    prediction: predictLatency(predicted, measurement.outputBytes, ceilings),
    opShares: opShares(analysis, kernels, attribution),
    attribution: summary,
  }
}

/** What FLOPs promise of the graph as written, each layer in its precision. */
const promisedMs = ({ layers }: Analysis, ceilings: Ceilings): number =>
  layers.reduce((sum, { flops, operandTypes }) => {
    const [operandType = null] = operandTypes?.split(' x ') ?? []
    return sum + (1000 * (flops ?? 0)) / rateOf(ceilings, operandType)
  }, 0)

/** How many items of a batch a second holds. */
function throughputOf({ model }: Analysis, latencyMs: Estimate): GapReport['measurement']['throughput'] {
  const batch = model.inputs[0]?.shape?.[0]
  if (typeof batch !== 'number') return null
  const { point, lower, upper, confidenceLevel } = latencyMs
  const perSecond = { point: 1000 / point, lower: 1000 / upper, upper: 1000 / lower, confidenceLevel }
  return { batch, perSecond: scaled(perSecond, batch) }
}

function startupOf({ launches, creation }: Measurement): Startup {
  const middle = (figure: 'runtimeLoadMs' | 'sessionCreateMs' | 'firstRunMs') =>
    median(launches.map((launch) => launch[figure]))
  return {
    runtimeLoadMs: middle('runtimeLoadMs'),
    sessionCreateMs: middle('sessionCreateMs'),
    modelLoadMs: creation.loadMs,
    initializeMs: creation.initializeMs,
    firstRunMs: middle('firstRunMs'),
  }
}

/** Share of MACs beside share of time, by the operator that each kernel mainly stands for. */
function opShares({ layers, totals }: Analysis, kernels: readonly KernelGap[], { sources }: Attribution): OpShare[] {
  const shares = new Map<string, { macs: number; ms: number | null; share: number | null; kernels: number }>()
  for (const [index, kernel] of kernels.entries()) {
    const own = (sources[index] ?? []).flatMap((node) => layers[node] ?? [])
    const op = kernel.inserted ? kernel.op : (mainLayer(own)?.op ?? kernel.op)
    const known = shares.get(op) ?? { macs: 0, ms: 0, share: 0, kernels: 0 }
    shares.set(op, {
      macs: known.macs + kernel.macs,
      ms: sumOfKnown([known.ms, kernel.ms]),
      share: sumOfKnown([known.share, kernel.share]),
      kernels: known.kernels + 1,
    })
  }
  return [...shares]
    .map(([op, { macs, ms, share, kernels }]) => ({
      op,
      macsShare: totals.macs === 0 ? null : macs / totals.macs,
      timeShare: share,
      ms,
      kernels,
    }))
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0))
}

function summarize(
  { layers }: Analysis,
  executed: readonly ExecutedKernel[],
  kernels: readonly KernelGap[],
  { fates }: Attribution,
): AttributionSummary {
  const timed = kernels.flatMap(({ ms, ...kernel }) => (ms === null ? [] : [{ ...kernel, ms }]))
  const kernelMs = timed.reduce((sum, { ms }) => sum + ms, 0)
  const explained = timed.filter(({ inserted, nodes }) => inserted || nodes.length > 0)
  const macs = kernels.reduce((sum, kernel) => sum + kernel.macs, 0)
  const remaining = layers.filter((_, node) => fates[node] !== 'folded' && fates[node] !== 'removed')
  const executedMacs = remaining.reduce((sum, layer) => sum + (layer.macs ?? 0), 0)
  const unmatched = layers.filter((_, node) => fates[node] === 'unmatched')
  return {
    timeShare:
      timed.length === 0 ? null : kernelMs === 0 ? 1 : explained.reduce((sum, { ms }) => sum + ms, 0) / kernelMs,
    macsShare: executedMacs === 0 ? 1 : macs / executedMacs,
    nodeShare: layers.length === 0 ? 1 : 1 - unmatched.length / layers.length,
    fates: countFates(fates),
    unmatched: unmatched.map(({ name }) => name),
    inserted: insertedKernels(executed, kernels),
    providers: providerShares(kernels),
  }
}

function countFates(fates: readonly NodeFate[]): Record<NodeFate, number> {
  const counts = { executed: 0, fused: 0, folded: 0, removed: 0, unmatched: 0 }
  for (const fate of fates) counts[fate] += 1
  return counts
}

/** Each kernel that onnxruntime added, between the source layers it serves. */
function insertedKernels(executed: readonly ExecutedKernel[], kernels: readonly KernelGap[]): InsertedKernel[] {
  const producer = new Map(
    executed.flatMap(({ outputs }, index) => outputs.filter(Boolean).map((name) => [name, index] as const)),
  )
  const consumer = new Map<string, number>()
  for (const [index, { inputs }] of executed.entries()) {
    for (const name of inputs.filter(Boolean)) if (!consumer.has(name)) consumer.set(name, index)
  }
  const follow = (from: number, step: (kernel: ExecutedKernel) => number | undefined): string | null => {
    const next = step(executed[from] as ExecutedKernel)
    if (next === undefined) return null
    return kernels[next]?.inserted ? follow(next, step) : (kernels[next]?.nodes.at(0) ?? null)
  }
  return kernels.flatMap(({ inserted, name, op, ms }, index) => {
    if (!inserted) return []
    const after = follow(index, ({ inputs }) => producer.get(inputs[0] ?? ''))
    const before = follow(index, ({ outputs }) => consumer.get(outputs[0] ?? ''))
    return [{ name, op, ms, after, before }]
  })
}

function warningsOf(
  { launches, runsMs }: Measurement,
  { threads, logicalCpus }: Environment,
  kernels: readonly KernelGap[],
  { timeShare, unmatched }: AttributionSummary,
  profilerInflation: number,
): Warning[] {
  const warnings: Warning[] = []
  const warn = (code: string, message: string, hint: string) => warnings.push({ code, message, hint })
  if (threads > logicalCpus) {
    warn(
      'too-many-threads',
      `${threads} threads share ${logicalCpus} CPUs and wait for each other`,
      `Use --threads ${logicalCpus} or fewer.`,
    )
  }
  if (launches.some(({ reachedSteadyState }) => !reachedSteadyState)) {
    warn('unsteady', 'run times had not settled when warm-up ended', 'Give it longer with a higher --max-time.')
  }
  if (runsMs.length < 20) {
    warn('few-runs', `only ${runsMs.length} runs fit into the time`, 'Give it longer with a higher --max-time.')
  }
  const impossible = kernels.filter(({ isValid }) => !isValid)
  if (impossible.length > 0) {
    warn(
      'above-ceiling',
      `${impossible.length} kernels ran faster than this machine can, ${impossible[0]?.name} first: their times are not valid`,
      'Either the machine is faster than when it was calibrated (run flopgap calibrate) or the provider does not time its kernels.',
    )
  }
  if (profilerInflation > 1.3) {
    warn(
      'profiler-inflation',
      `profiling made runs ${profilerInflation.toFixed(1)} times as long, so times of single kernels are rough`,
      'Latency and gap are measured without the profiler; trust those.',
    )
  }
  if ((timeShare ?? 1) < 0.99 || unmatched.length > 0) {
    warn(
      'unattributed',
      `${((1 - (timeShare ?? 1)) * 100).toFixed(1)} % of kernel time and ${unmatched.length} source nodes are not matched`,
      'See attribution in the JSON report.',
    )
  }
  return warnings
}
