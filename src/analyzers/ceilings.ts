import { FlopgapError } from '../errors.js'
import { median } from '../stats.js'
import type { CalibrationRuns, Ceilings, ExecutedKernel, Precision, Profiled } from '../types.js'
import { classRates } from './class-rates.js'
import { fitNetworks } from './kernel-time/networks.js'
import { profilerShareMs, unprofiledMs } from './unprofiled.js'

/**
 * What the machine reaches, from what calibrating it saw.
 *
 * The arithmetic ceiling is the best of several shapes, since no single one is safely the fastest; bandwidth is a curve
 * over the working set; the cost of a kernel is the slope between a long and a short chain of tiny ones. Rates come from
 * kernel times with the estimator that the models' kernels get too.
 */
export function ceilingsFrom(runs: CalibrationRuns, identity: Pick<Ceilings, 'measuredAt' | 'fingerprint'>): Ceilings {
  const start = startCosts(runs)
  const provider = providerOf(runs)
  const arithmetic = runs.arithmetic.flatMap(({ name, precision, flops, profiled }) => {
    const ms = profiled === null ? null : arithmeticMs(profiled, precision, provider, start)
    return ms === null ? [] : [{ name, precision, flopsPerSecond: flops / seconds(ms) }]
  })
  const best = (precision: Precision): number | null => {
    const rates = arithmetic.filter((rate) => rate.precision === precision).map((rate) => rate.flopsPerSecond)
    return rates.length === 0 ? null : Math.max(...rates)
  }
  const bandwidth = bandwidthCurve(runs, start)
  const profiles = runs.networks.map(({ profiled }) => profiled)
  const machine = { ...identity, ...start, arithmetic, bandwidth, vectorBlock: vectorBlock(profiles) }
  const flopsPerSecond = required(best('float32'), 'MatMul or Conv')
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

/**
 * Bytes per second by working set. Of short chains the additions' own times tell; of long ones, whose additions are as short
 * as the profiler is slow, the wall time without it, beyond that of the one of the smallest arrays.
 */
function bandwidthCurve({ additions }: CalibrationRuns, start: StartCosts): Ceilings['bandwidth'] {
  const shortest = Math.min(...additions.map(({ length }) => length))
  const [least, ...long] = additions.filter(({ length }) => length > shortest)
  const short = additions.filter(({ length }) => length === shortest)
  const point = (workingSetBytes: number, ms: number | null) => ({
    workingSetBytes,
    bytesPerSecond: workingSetBytes / seconds(required(ms, 'Add')),
  })
  return [
    ...long.flatMap(({ workingSetBytes, length, profiled }) => {
      const ms = (profiled.plainWallMs - (least?.profiled.plainWallMs ?? 0)) / length
      return ms > 0 ? [point(workingSetBytes, ms)] : []
    }),
    ...short.map(({ workingSetBytes, profiled }) =>
      point(
        workingSetBytes,
        kernelMs(profiled, ({ op }) => op === 'Add', start),
      ),
    ),
  ]
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

/** Time of the kernel that computes in a precision; null where the provider casts to another one or leaves it to the CPU. */
function arithmeticMs(
  profiled: Profiled,
  precision: Precision,
  wanted: string | undefined,
  start: StartCosts,
): number | null {
  const types = { float32: ['float32'], float16: ['float16'], int8: ['int8', 'uint8'] }[precision]
  const isWanted = (kernel: ExecutedKernel) =>
    isArithmetic(kernel) && kernel.provider === wanted && types.includes(kernel.inputTypes[0]?.elementType ?? '')
  return kernelMs(profiled, isWanted, start)
}

/** Least time of a measurement's kernels of some kind: the first of a chain reads one array, not two. */
function kernelMs(
  profiled: Profiled,
  isWanted: (kernel: ExecutedKernel) => boolean,
  { runMs, profilerMs }: StartCosts,
): number | null {
  const times = unprofiledMs(profiled, { outsideMs: runMs, profilerMs })
  const wanted = profiled.executed.kernels.flatMap((kernel, index) =>
    isWanted(kernel) && kernel.timeSource !== 'launch' ? [times[index] as number] : [],
  )
  const [first, ...others] = wanted
  if (first === undefined) return null
  return others.length === 0 ? first : (others.sort((a, b) => a - b)[Math.floor(others.length / 2)] as number)
}

function required(value: number | null, kernels: string): number {
  if (value !== null) return value
  throw new FlopgapError(
    'measuring-failed',
    `the profile shows no kernel ${kernels} with a time of its own, so nothing can be calibrated`,
  )
}

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
