import type { ExecutedKernel, TensorType } from '../../types.js'
import { tensorBytes } from '../cost.js'

/** A tensor that a kernel reads or writes. */
export interface PlacedTensor {
  readonly dims: readonly number[]
  readonly bytes: number
  /**
   * Bytes that were moved since the tensor was last touched, its own among them: a cache that holds as many may still hold
   * it. Of a weight those of a whole run.
   */
  readonly distance: number
}

/** A kernel among those that run before it. */
export interface PlacedKernel {
  readonly op: string
  readonly domain: string
  readonly attributes: ExecutedKernel['attributes']
  readonly inputs: readonly PlacedTensor[]
  readonly outputs: readonly PlacedTensor[]
  /** Bytes that all kernels of a run move. */
  readonly runBytes: number
}

type Kernel = Pick<ExecutedKernel, 'op' | 'domain' | 'attributes' | 'inputs' | 'outputs' | 'inputTypes' | 'outputTypes'>

/** Kernels with the distances of what they read and write, in one pass over a run. */
export function placeKernels(kernels: readonly Kernel[]): PlacedKernel[] {
  const sizes = kernels.map((kernel) => sum([...kernel.inputTypes, ...kernel.outputTypes].map(bytesOf)))
  const runBytes = sum(sizes)
  const touched = new Map<string, number>()
  let moved = 0
  return kernels.map((kernel, index) => {
    const before = moved
    moved += sizes[index] ?? 0
    const names = kernel.inputs.filter(Boolean)
    const distanceOf = (name: string | undefined) => {
      const last = touched.get(name ?? '')
      return last === undefined ? runBytes : Math.max(moved - last, moved - before)
    }
    const inputs = kernel.inputTypes.map((type, position) => placed(type, distanceOf(names[position])))
    const outputs = kernel.outputTypes.map((type) => placed(type, moved - before))
    for (const name of [...names, ...kernel.outputs.filter(Boolean)]) touched.set(name, moved)
    return { op: kernel.op, domain: kernel.domain, attributes: kernel.attributes, inputs, outputs, runBytes }
  })
}

const placed = (type: TensorType, distance: number): PlacedTensor => ({
  dims: type.dims.map(Number),
  bytes: bytesOf(type),
  distance,
})

const bytesOf = (type: TensorType): number => tensorBytes(type) ?? 0

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
