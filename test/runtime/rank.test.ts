import { describe, expect, it } from 'vitest'
import { put, temporaryFolder } from '../onnx/files.js'
import { counted } from './optimized.js'
import { encodeTyped, type Typed, type TypedModel } from './typed-model.js'

const folder = temporaryFolder()
const float = (...dims: number[]): Typed => ({ type: 'float', dims })

const costs = async (model: TypedModel) => {
  const { layers } = await counted(put(folder, 'rank.onnx', encodeTyped(model)))
  return layers.map(({ op, status, outputShape, flops }) => ({ op, status, outputShape, flops }))
}

describe('a tensor whose rank onnxruntime does not infer', () => {
  it('is unknown, and so is what follows, but no scalar', async () => {
    const layers = await costs({
      inputs: { a: float(3, 5), b: float(4, 5) },
      nodes: [
        ['com.microsoft:CDist a b -> c', { metric: 'sqeuclidean' }],
        ['Relu c -> r'],
        ['ReduceSum a -> s', { keepdims: 0 }],
        ['Sqrt s -> t'],
      ],
      outputs: 'r t',
    })
    expect(layers).toEqual([
      { op: 'CDist', status: 'uncounted', outputShape: null, flops: null },
      { op: 'Relu', status: 'uncounted', outputShape: null, flops: null },
      // 15 elements in one sum; its root
      { op: 'ReduceSum', status: 'counted', outputShape: [], flops: 14 },
      { op: 'Sqrt', status: 'counted', outputShape: [], flops: 1 },
    ])
  })

  it('does not make a convolution of it wrong', async () => {
    const layers = await costs({
      inputs: { x: float(1, 3, 8, 8) },
      weights: { pads: { type: 'int64', dims: [8], values: [0, 0, 1, 1, 0, 0, 1, 1] }, w: float(4, 3, 3, 3) },
      nodes: [['com.microsoft:Pad x pads -> p'], ['Conv p w -> y']],
      outputs: 'y',
    })
    expect(layers.map(({ status }) => status)).toEqual(['free', 'uncounted'])
  })
})

it('a scalar of an operator of onnxruntime is one', async () => {
  const layers = await costs({
    inputs: { x: float() },
    nodes: [['com.microsoft:Gelu x -> y']],
    outputs: 'y',
  })
  expect(layers).toEqual([{ op: 'Gelu', status: 'counted', outputShape: [], flops: 5 }])
})
