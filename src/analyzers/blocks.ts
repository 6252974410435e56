import type { BlockGap, KernelGap } from '../types.js'
import { summed } from './causes.js'
import { sumOfKnown } from './providers.js'

/**
 * Kernels by the part of the network that their first layer's name puts them in: `block2/depthwise/conv` is of block2,
 * `/layer1/layer1.0/conv1/Conv` of layer1/layer1.0. An added kernel counts to the part before it.
 */
export function blocksOf(kernels: readonly KernelGap[]): BlockGap[] {
  const blocks = new Map<string, KernelGap[]>()
  let block: string | null = null
  for (const kernel of kernels) {
    block = blockOf(kernel.nodes[0]) ?? block
    if (block === null) continue
    const known = blocks.get(block)
    if (known === undefined) blocks.set(block, [kernel])
    else known.push(kernel)
  }
  return [...blocks].map(([name, members]) => blockGap(name, members))
}

function blockOf(layer: string | undefined): string | null {
  const parts = (layer ?? '').split('/').filter(Boolean)
  return parts.length < 2 ? null : parts.slice(0, parts.length >= 4 ? 2 : 1).join('/')
}

function blockGap(name: string, kernels: readonly KernelGap[]): BlockGap {
  const sum = (figure: 'macs' | 'flopsMs' | 'rooflineMs') =>
    kernels.reduce((total, kernel) => total + kernel[figure], 0)
  return {
    name,
    kernels: kernels.length,
    ms: sumOfKnown(kernels.map(({ ms }) => ms)),
    share: sumOfKnown(kernels.map(({ share }) => share)),
    macs: sum('macs'),
    flopsMs: sum('flopsMs'),
    rooflineMs: sum('rooflineMs'),
    causes: summed(kernels.flatMap(({ causes }) => causes)),
  }
}
