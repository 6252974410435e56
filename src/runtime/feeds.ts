import type { Tensor } from 'onnxruntime-node'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { elements } from '../onnx/element-types.js'
import type { TensorType } from '../types.js'
import { onnxruntime } from './ort.js'

/** An input that a session is to be fed. */
export interface InputType extends TensorType {
  readonly name: string
  readonly dims: readonly number[]
}

/**
 * Seeded inputs: numbers of unit variance, not zeros, which some kernels would find easier; of whole numbers bytes are
 * random and wider ones are 1, since they are mostly indices and lengths and so stay in range.
 */
export function makeFeeds(inputs: readonly InputType[], seed = 1): Record<string, Tensor> {
  const { Tensor } = onnxruntime()
  const random = xoroshiro128plus(seed)
  const next = () => random.next() / 2 ** 31
  return Object.fromEntries(
    inputs.map(({ name, elementType, dims }) => {
      const data = values(elementType, elements(dims), next)
      return [name, new Tensor(elementType as 'float32', data as Float32Array, dims)]
    }),
  )
}

function values(elementType: string, length: number, next: () => number): unknown {
  const scale = Math.sqrt(3)
  switch (elementType) {
    case 'float32':
      return Float32Array.from({ length }, () => scale * next())
    case 'float64':
      return Float64Array.from({ length }, () => scale * next())
    case 'float16':
      // 1 to 2 with a random sign: exponent bits 01111, mantissa random
      return Uint16Array.from(
        { length },
        () => (next() < 0 ? 0x8000 : 0) | 0x3c00 | Math.floor(Math.abs(next()) * 1024),
      )
    case 'int64':
      return new BigInt64Array(length).fill(1n)
    case 'uint64':
      return new BigUint64Array(length).fill(1n)
    case 'int32':
      return new Int32Array(length).fill(1)
    case 'uint32':
      return new Uint32Array(length).fill(1)
    case 'int16':
      return new Int16Array(length).fill(1)
    case 'uint16':
      return new Uint16Array(length).fill(1)
    case 'int8':
      return Int8Array.from({ length }, () => Math.floor(next() * 128))
    case 'uint8':
      return Uint8Array.from({ length }, () => Math.floor((next() + 1) * 128))
    case 'bool':
      return new Uint8Array(length).fill(1)
    case 'string':
      return Array.from({ length }, () => 'a')
    default:
      throw new TypeError(`cannot make an input of type ${elementType}`)
  }
}
