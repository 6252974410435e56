import { FlopgapError } from '../errors.js'
import { median } from '../stats.js'
import type { CalibrationRuns, Ceilings, ExecutedKernel, Precision, Profiled, Shown } from '../types.js'
import { classRates } from './class-rates.js'
import { fitNetworks } from './kernel-time/networks.js'
import { profilerShareMs, unprofiledMs } from './unprofiled.js'

/**
 * What the machine reaches, from what calibrating it saw.
 *
 * The arithmetic ceiling is the best of several shapes, since no single one is safely the fastest; bandwidth is a curve
 * over the working set; the cost of a kernel is the slope between a long and a short chain of tiny ones. Rates come from
 * kernel times with the estimator that the models' kernels get too; where a provider tells none, from the slope of
 * wall time between a long and a short chain.
 */
export function ceilingsFrom(runs: CalibrationRuns, identity: Pick<Ceilings, 'measuredAt' | 'fingerprint'>): Ceilings {
  const start = startCosts(runs)
  const provider = providerOf(runs)
  const arithmetic = runs.arithmetic.flatMap(({ name, precision, flops, ...shown }) => {
    const ms = shownMs(shown, computesIn(precision, provider), start)
    return ms === null ? [] : [{ name, precision, flopsPerSecond: flops / seconds(ms) }]
  })
  const best = (precision: Precision): number | null => {
    const rates = arithmetic.filter((rate) => rate.precision === precision).map((rate) => rate.flopsPerSecond)
    return rates.length === 0 ? null : Math.max(...rates)
  }
  const bandwidth = runs.additions.flatMap(({ workingSetBytes, ...shown }) => {
    const ms = shownMs(shown, ({ op }) => op === 'Add', start)
    return ms === null ? [] : [{ workingSetBytes, bytesPerSecond: workingSetBytes / seconds(ms) }]
  })
  if (bandwidth.length === 0) throw untold('Add')
  const profiles = runs.networks.map(({ profiled }) => profiled)
  const machine = { ...identity, ...start, arithmetic, bandwidth, vectorBlock: vectorBlock(profiles) }
  const flopsPerSecond = best('float32')
  if (flopsPerSecond === null) throw untold('MatMul or Conv')
  return {
    ...machine,
    flopsPerSecond,
    flopsPerSecondBy: { float32: flopsPerSecond, float16: best('float16'), int8: best('int8') },
    classes: classRates(profiles, machine),
    ...fitNetworks(runs.networks, machine),
    probes: runs.probes,
    drift: { arithmetic: 1, memory: 1, network: 1 },
  }
}

type StartCosts = Pick<Ceilings, 'dispatchMs' | 'runMs' | 'profilerMs' | 'outputBytesPerSecond'>

/** What it costs to start a kernel, to profile it, to start a run, and to hand over an output. */
function startCosts({ chains, output, networks }: CalibrationRuns): StartCosts {
  const [short, long] = [...chains].sort((a, b) => a.kernels - b.kernels)
  if (short === undefined || long === undefined) throw new Error('two chains are needed')
  const longer = long.profiled.plainWallMs - short.profiled.plainWallMs
  const dispatchMs = Math.max(0, longer / (long.kernels - short.kernels))
  const runMs = Math.max(0, short.profiled.plainWallMs - short.kernels * dispatchMs)
  const copyMs = output.profiled.profiledWallMs - output.profiled.executed.profiledRunMs
  return {
    dispatchMs,
    runMs,
    profilerMs: profilerCost(networks.length === 0 ? [long.profiled] : networks.map(({ profiled }) => profiled), runMs),
    outputBytesPerSecond: output.bytes / seconds(Math.max(copyMs, 1e-4)),
  }
}

/** In the shortest third of the networks, where it shows most: of a long run it is less than the run's own spread. */
function profilerCost(networks: readonly Profiled[], runMs: number): number {
  const shortest = [...networks].sort((a, b) => a.plainWallMs - b.plainWallMs).slice(0, Math.ceil(networks.length / 3))
  return Math.max(0, median(shortest.map((network) => profilerShareMs(network, runMs))))
}

/** The execution provider that was asked for: the one that computes in float32. */
const providerOf = ({ arithmetic }: CalibrationRuns): string | undefined =>
  arithmetic
    .filter(({ precision }) => precision === 'float32')
    .flatMap(({ profiled }) => profiled?.executed.kernels ?? [])
    .find(isArithmetic)?.provider

const isArithmetic = ({ op }: ExecutedKernel) => /MatMul|Conv|Gemm/.test(op)

/** Kernels that the provider computes itself, in a precision to which it does not cast. */
function computesIn(precision: Precision, wanted: string | undefined): IsWanted {
  const types = { float32: ['float32'], float16: ['float16'], int8: ['int8', 'uint8'] }[precision]
  return (kernel) =>
    isArithmetic(kernel) && kernel.provider === wanted && types.includes(kernel.inputTypes[0]?.elementType ?? '')
}

type IsWanted = (kernel: ExecutedKernel) => boolean

/**
 * Time of one kernel of some kind: its own, or what the runs of a model take beyond those of one that has fewer of it. Null
 * where the model has none, or where a rough clock tells nothing.
 */
function shownMs({ profiled, beside }: Shown, isWanted: IsWanted, start: StartCosts): number | null {
  if (profiled === null) return null
  if (beside === null) return kernelMs(profiled, isWanted, start)
  if (beside.profiled === null || !profiled.executed.kernels.some(isWanted)) return null
  const ms = (profiled.plainWallMs - beside.profiled.plainWallMs) / beside.fewer
  return ms > 0 ? ms : null
}

/** Least time of a measurement's kernels of some kind: the first of a chain reads one array, not two. */
function kernelMs(profiled: Profiled, isWanted: IsWanted, { runMs, profilerMs }: StartCosts): number | null {
  const times = unprofiledMs(profiled, { outsideMs: runMs, profilerMs })
  const wanted = profiled.executed.kernels.flatMap((kernel, index) =>
    isWanted(kernel) && kernel.timeSource !== 'launch' ? [times[index] as number] : [],
  )
  const [first, ...others] = wanted
  if (first === undefined) return null
  return others.length === 0 ? first : (others.sort((a, b) => a - b)[Math.floor(others.length / 2)] as number)
}

const untold = (kernels: string) =>
  new FlopgapError(
    'measuring-failed',
    `no kernel ${kernels} ran for a time that can be told, so nothing can be calibrated`,
  )

/** The largest number that divides the filters of all blocked convolutions. */
function vectorBlock(networks: readonly Profiled[]): number {
  const kernels = networks.flatMap(({ executed }) => executed.kernels)
  const filters = kernels.flatMap(({ domain, op, inputTypes }) =>
    domain === 'com.microsoft.nchwc' && op === 'Conv' ? [Number(inputTypes[1]?.dims[0])] : [],
  )
  return filters.length === 0 ? 1 : filters.reduce(divisor)
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

const seconds = (ms: number) => ms / 1000
