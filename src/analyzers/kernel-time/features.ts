import type { Ceilings } from '../../types.js'
import { bandwidthAt, bestBandwidth } from '../roofline.js'
import { blockedConvolution } from './blocked-convolution.js'
import { general } from './general.js'
import { matrix } from './matrix.js'
import type { PlacedKernel, PlacedTensor } from './placed.js'
import { plainConvolution } from './plain-convolution.js'

/** What of a kernel costs time, by name: `amount x cost` of all features is its time. */
export type Features = Readonly<Record<string, number>>

/** What a kernel is measured in. */
export interface KernelDescription {
  /** Kernels of one kind run the same code: they share the costs of their features. */
  readonly kind: string
  readonly features: Features
}

/** The machine, as far as features depend on it. */
export interface Machine {
  /** Channels of a block in blocked layouts. */
  readonly block: number
  /** Milliseconds that moving a tensor takes beyond what it would from the nearest cache. */
  readonly beyondCache: (tensor: Pick<PlacedTensor, 'bytes' | 'distance'> | undefined) => number
}

export type Describe = (kernel: PlacedKernel, machine: Machine) => KernelDescription | null

/** From the most particular kind to the one that every kernel is of. */
const families: readonly Describe[] = [blockedConvolution, plainConvolution, matrix, general]

/** About what a call needs besides its data: code, tables of threads and tensors. In a long run they are far by the next. */
const codeBytes = 2 ** 16

/** A kernel's kind and the amounts of what costs time in it. */
export function describeKernel(kernel: PlacedKernel, machine: Machine): KernelDescription {
  for (const describe of families) {
    const description = describe(kernel, machine)
    if (description === null) continue
    const { kind, features } = description
    return {
      kind,
      features: { call: 1, farCall: machine.beyondCache({ bytes: codeBytes, distance: kernel.runBytes }), ...features },
    }
  }
  throw new Error(`no kind for ${kernel.op}`)
}

export function machineOf(ceilings: Pick<Ceilings, 'bandwidth' | 'vectorBlock'>): Machine {
  const best = bestBandwidth(ceilings)
  return {
    block: ceilings.vectorBlock,
    beyondCache: (tensor) => {
      if (tensor === undefined) return 0
      return 1000 * tensor.bytes * (1 / bandwidthAt(ceilings, tensor.distance) - 1 / best)
    },
  }
}
