import type { CalibrationNetwork, Ceilings, KernelTimeModel } from '../../types.js'
import { runtimeMs, unprofiledMs } from '../unprofiled.js'
import { describeKernel, type Machine, machineOf } from './features.js'
import { fitKernelTimes, kernelMs, type TimedKernel } from './fit.js'
import { placeKernels } from './placed.js'

type Known = Pick<Ceilings, 'bandwidth' | 'vectorBlock' | 'runMs' | 'profilerMs' | 'outputBytesPerSecond'>

/** A network whose kernels' times are known. */
interface TimedNetwork {
  readonly latencyMs: number
  readonly kernels: readonly TimedKernel[]
}

/**
 * Costs of kernels by kind, and how far they are to be trusted: each network is also predicted by all others.
 */
export function fitNetworks(
  networks: readonly CalibrationNetwork[],
  known: Known,
): Pick<Ceilings, 'kernelTimes' | 'predictionRatios'> {
  if (networks.length === 0) return { kernelTimes: [], predictionRatios: [] }
  const machine = machineOf(known)
  const timed = networks.map((network) => timedNetwork(network, known, machine))
  return {
    kernelTimes: fitKernelTimes(timed.flatMap(({ kernels }) => kernels)),
    predictionRatios: timed
      .map((network) => {
        const others = timed.filter((other) => other !== network)
        return network.latencyMs / predictedMs(network, fitKernelTimes(others.flatMap(({ kernels }) => kernels)))
      })
      // a network of kinds that no other has is predicted by none
      .filter((ratio) => ratio > 0 && Number.isFinite(ratio)),
  }
}

function timedNetwork({ latencyMs, profiled }: CalibrationNetwork, known: Known, machine: Machine): TimedNetwork {
  const outsideMs = runtimeMs(known, 0)
  const times = unprofiledMs(profiled, { outsideMs, profilerMs: known.profilerMs })
  const factor = (latencyMs - outsideMs) / (profiled.plainWallMs - outsideMs)
  return {
    latencyMs: latencyMs - outsideMs,
    kernels: placeKernels(profiled.executed.kernels).map((kernel, index) => ({
      ...describeKernel(kernel, machine),
      ms: (times[index] as number) * factor,
    })),
  }
}

function predictedMs({ kernels }: TimedNetwork, models: readonly KernelTimeModel[]): number {
  const byKind = new Map(models.map((model) => [model.kind, model]))
  return kernels.reduce((sum, kernel) => sum + (kernelMs(kernel, byKind) ?? 0), 0)
}
