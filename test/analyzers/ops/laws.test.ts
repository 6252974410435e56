import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operatorsWithRule } from '../../../src/analyzers/ops/index.js'
import type { Shape } from '../../../src/analyzers/ops/rule.js'
import { costOf, costOfAll, from, kernelClassOf, type Node, node, ruleFor } from './input.js'

const size = (max: number) => fc.integer({ min: 1, max })

/** Sizes of an image x [n, c, h, w] and what is done to it. */
const image = fc.record({ n: size(8), c: size(12), h: size(16), w: size(16) })
type Image = { n: number; c: number; h: number; w: number }

const holds = <T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void) => fc.assert(fc.property(arbitrary, law))

describe('linear in the batch', () => {
  const sameShape = ({ n, c, h, w }: Image): Shape => [n, c, h, w]
  const mapped =
    (attributes: Node['attributes'] = {}) =>
    (op: string, at: Image) =>
      node(op, [sameShape(at), [at.c, 1, 1], [at.c, 1, 1]], sameShape(at), attributes)
  const reduced = (op: string, at: Image) => node(op, [sameShape(at)], [at.n, at.c, 1, 1], { axis: 1 })
  const windows = (op: string, at: Image) =>
    node(op, from([at.n, at.c, at.h + 2, at.w + 1]), sameShape(at), { kernel_shape: [3, 2] })
  const resampled = (op: string, at: Image) =>
    node(op, [sameShape(at), [at.n, 2 * at.h, 2 * at.w, 2]], [at.n, at.c, 2 * at.h, 2 * at.w], { mode: 'linear' })

  const recurrent = (gates: number) => (op: string, at: Image) =>
    node(op, from([at.h, at.n, at.c], [1, gates * at.w, at.c], [1, gates * at.w, at.w], [1, 2 * gates * at.w]), [
      at.h,
      1,
      at.n,
      at.w,
    ])
  const loss = (op: string, { n, c, h, w }: Image) => node(op, from([n, c, h, w], [n, h, w]), [])

  /** A node of every operator that does not fit `mapped`, at a batch of n. */
  const special: Record<string, (op: string, at: Image) => Node> = {
    Conv: (op, { n, c, h, w }) => node(op, from([n, c, h + 2, w], [5, c, 3, 1], [5]), [n, 5, h, w]),
    ConvTranspose: (op, { n, c, h, w }) => node(op, from([n, c, h, w], [c, 5, 2, 2], [5]), [n, 5, 2 * h, 2 * w]),
    Gemm: (op, { n, c, h }) => node(op, from([n, c], [c, h], [h]), [n, h]),
    MatMul: (op, { n, c, h, w }) => node(op, from([n, h, c], [n, c, w]), [n, h, w]),
    MaxPool: windows,
    AveragePool: windows,
    LpPool: windows,
    GlobalMaxPool: reduced,
    GlobalAveragePool: reduced,
    GlobalLpPool: reduced,
    GroupNormalization: mapped({ num_groups: 3 }),
    MeanVarianceNormalization: mapped({ axes: [1, 2, 3] }),
    LRN: mapped({ size: 5 }),
    Resize: resampled,
    Upsample: resampled,
    GridSample: resampled,
    Det: (op, { n, h }) => node(op, from([n, h, h]), [n]),
    Einsum: (op, { n, c, h, w }) => node(op, from([n, c, h], [c, h, w], [w]), [n, c], { equation: 'nch,chw,w->nc' }),
    Col2Im: (op, { n, c, h, w }) => node(op, from([n, c * 4, h * w], [2], [2]), [n, c, 2 * h, 2 * w]),
    DeformConv: (op, { n, c, h, w }) =>
      node(op, from([n, c, h + 2, w], [5, c, 3, 1], [n, 6, h, w], [5], [n, 3, h, w]), [n, 5, h, w]),
    ConvInteger: (op, { n, c, h, w }) => node(op, from([n, c, h + 2, w], [5, c, 3, 1], []), [n, 5, h, w]),
    MatMulInteger: (op, { n, c, h, w }) => node(op, from([n, h, c], [c, w], []), [n, h, w]),
    Attention: (op, { n, c, h, w }) => node(op, from([n, c, h, 8], [n, c, w, 8], [n, c, w, 4]), [n, c, h, 4]),
    RotaryEmbedding: (op, { n, c, h, w }) => node(op, from([n, c, h, 2 * w], [n, h, w], [n, h, w]), [n, c, h, 2 * w]),
    RNN: recurrent(1),
    GRU: recurrent(3),
    LSTM: recurrent(4),
    DFT: (op, { n, h }) => node(op, from([n, h, 2]), [n, h, 2]),
    STFT: (op, { n, h, w }) => node(op, from([n, 99, 1], [], [2 * w]), [n, h, w + 1, 2]),
    NonMaxSuppression: (op, { n, c, h }) => node(op, from([n, h, 4], [n, c, h]), []),
    MaxRoiPool: (op, { n, c, h, w }) => node(op, from([1, c, h, w], [n, 5]), [n, c, 1, 1]),
    AffineGrid: (op, { n, h, w }) => node(op, from([n, 2, 3], [4]), [n, h, w, 2]),
    NegativeLogLikelihoodLoss: loss,
    SoftmaxCrossEntropyLoss: loss,
    ScatterElements: (op, { n, c, h }) => node(op, from([n, c], [n, h], [n, h]), [n, c], { reduction: 'add' }),
  }

  const counted = operatorsWithRule()
    .filter((op) => op.startsWith(':'))
    .map((op) => op.slice(1))
    .filter((op) => ruleFor(op).cost !== 'free')
    // these do something once a run, know no batch, or cannot be told
    .filter((op) => !['QLinearConv', 'QLinearMatMul', 'DynamicQuantizeLinear', 'MelWeightMatrix'].includes(op))
    .filter((op) => op !== 'ImageDecoder')

  it.each(counted)('%s', (op) => {
    const isReduction = ruleFor(op).kernelClass === 'reduction'
    const at = special[op] ?? (isReduction ? reduced : mapped())
    holds(image, ({ n, ...rest }) => {
      const one = costOf(at(op, { n: 1, ...rest }))
      expect(costOf(at(op, { n, ...rest }))).toEqual({ macs: n * one.macs, flops: n * one.flops })
    })
  })
})

describe('convolution', () => {
  const filter = fc.record({ m: size(12), k: size(5), g: size(4) })
  const layer = fc.tuple(image, filter).map(([at, by]) => ({ ...at, ...by }))

  it('divides MACs by g when split into g groups', () => {
    holds(layer, ({ n, c, h, w, m, k, g }) => {
      const conv = (group: number) =>
        node('Conv', from([n, g * c, h, w], [g * m, (g * c) / group, k, k]), [n, g * m, h, w], { group })
      expect(costOf(conv(g)).macs * g).toBe(costOf(conv(1)).macs)
    })
  })

  it('costs as much in g groups as g convolutions of one', () => {
    holds(layer, ({ n, c, h, w, m, k, g }) => {
      const grouped = node('Conv', from([n, g * c, h, w], [g * m, c, k, k], [g * m]), [n, g * m, h, w], { group: g })
      const one = node('Conv', from([n, c, h, w], [m, c, k, k], [m]), [n, m, h, w])
      expect(costOf(grouped)).toEqual(costOfAll(Array(g).fill(one)))
    })
  })

  it('is depthwise in as many groups as channels, each a convolution of one channel', () => {
    holds(layer, ({ n, c, h, w, k }) => {
      const channels = c + 1
      const x = [n, channels, h, w]
      const depthwise = node('Conv', from(x, [channels, 1, k, k]), x, { group: channels })
      const one = node('Conv', from([n, 1, h, w], [1, 1, k, k]), [n, 1, h, w])
      expect(kernelClassOf(depthwise)).toBe('depthwise-conv')
      expect(costOf(depthwise)).toEqual(costOfAll(Array(channels).fill(one)))
    })
  })

  it('is a Gemm over pixels where the filter is 1x1', () => {
    holds(fc.tuple(layer, fc.boolean()), ([{ n, c, h, w, m }, biased]) => {
      const bias = biased ? [[m]] : []
      const pixels = n * h * w
      const conv = node('Conv', from([n, c, h, w], [m, c, 1, 1], ...bias), [n, m, h, w])
      const gemm = node('Gemm', from([pixels, c], [c, m], ...bias), [pixels, m])
      expect(costOf(conv)).toEqual(costOf(gemm))
    })
  })

  it('has the MACs of the transposed convolution that undoes it', () => {
    const stride = size(3)
    holds(fc.tuple(layer, stride), ([{ n, c, h, w, m, k, g }, s]) => {
      const wide = [n, g * c, s * h, s * w]
      const narrow = [n, g * m, h, w]
      const weights = [g * m, c, k, k]
      const attributes = { group: g, strides: [s, s] }
      const down = node('Conv', from(wide, weights), narrow, attributes)
      const up = node('ConvTranspose', from(narrow, weights), wide, attributes)
      expect(costOf(up).macs).toBe(costOf(down).macs)
    })
  })

  it('costs the same however dilated', () => {
    holds(fc.tuple(layer, size(6), fc.constantFrom('Conv', 'ConvTranspose')), ([{ n, c, h, w, m, k }, d, op]) => {
      const filters = op === 'Conv' ? [m, c, k, k] : [c, m, k, k]
      const cost = (attributes: Node['attributes']) =>
        costOf(node(op, from([n, c, h, w], filters), [n, m, h, w], attributes))
      expect(cost({ dilations: [d, d] })).toEqual(cost({}))
    })
  })

  it('costs the same with an axis of size one more', () => {
    holds(layer, ({ n, c, h, w, m, k }) => {
      const flat = node('Conv', from([n, c, h, w], [m, c, k, k]), [n, m, h, w])
      const deep = node('Conv', from([n, c, 1, h, w], [m, c, 1, k, k]), [n, m, 1, h, w])
      expect(costOf(deep)).toEqual(costOf(flat))
    })
  })
})

describe('quantized operators cost in com.microsoft what they cost in ai.onnx', () => {
  const expectSame = (part: Node) => expect(costOf({ ...part, domain: 'com.microsoft' })).toEqual(costOf(part))

  it('QLinearConv, whichever axis the channels are', () => {
    const layer = fc.record({ m: size(12), k: size(5), g: size(4), biased: fc.boolean() })
    holds(fc.tuple(image, layer), ([{ n, c, h, w }, { m, k, g, biased }]) => {
      const first = [n, g * c, h + k - 1, w + k - 1]
      const inputs = from(first, [], [], [g * m, c, k, k], [], [], [], [], ...(biased ? [[g * m]] : []))
      const conv = node('QLinearConv', inputs, [n, g * m, h, w], { group: g })
      expectSame(conv)
      const channelsLast = from([n, h + k - 1, w + k - 1, g * c], ...inputs.slice(1))
      for (const domain of ['com.microsoft', 'com.ms.internal.nhwc']) {
        expect(costOf({ ...conv, domain, inputs: channelsLast, y: [n, h, w, g * m] })).toEqual(costOf(conv))
      }
    })
  })

  it.each(['QuantizeLinear', 'DequantizeLinear'])('%s', (op) => {
    holds(image, ({ n, c, h, w }) => {
      const x = [n, c, h, w]
      expectSame(node(op, from(x, []), x))
      expectSame(node(op, from(x, [], []), x))
      expectSame(node(op, from(x, [c], [c]), x, { axis: 1 }))
    })
  })
})

describe('matrices', () => {
  const sizes = fc.record({ batch: size(6), m: size(20), k: size(20), n: size(20) })

  it('MatMul over a batch costs its matrices, whichever operand is broadcast', () => {
    holds(sizes, ({ batch, m, k, n }) => {
      const all = costOfAll(Array(batch).fill(node('MatMul', from([m, k], [k, n]), [m, n])))
      for (const a of [
        [m, k],
        [1, m, k],
        [batch, m, k],
      ]) {
        expect(costOf(node('MatMul', from(a, [batch, k, n]), [batch, m, n]))).toEqual(all)
      }
      for (const b of [
        [k, n],
        [1, k, n],
      ]) {
        expect(costOf(node('MatMul', from([batch, m, k], b), [batch, m, n]))).toEqual(all)
      }
    })
  })

  it('Gemm is MatMul however its operands lie, and MatMul and Add with a bias', () => {
    holds(sizes, ({ m, k, n }) => {
      const matMul = node('MatMul', from([m, k], [k, n]), [m, n])
      for (const transA of [0, 1]) {
        for (const transB of [0, 1]) {
          const operands = [transA ? [k, m] : [m, k], transB ? [n, k] : [k, n]]
          const attributes = { transA, transB }
          expect(costOf(node('Gemm', operands, [m, n], attributes))).toEqual(costOf(matMul))
          expect(costOf(node('Gemm', [...operands, [n]], [m, n], attributes))).toEqual(
            costOfAll([matMul, node('Add', from([m, n], [n]), [m, n])]),
          )
        }
      }
    })
  })
})

describe('an operator costs what the nodes of its definition cost', () => {
  const lines = fc.record({ rows: size(10), length: size(30) })

  it.each([
    ['Sigmoid', {}, ['Neg', 'Exp', 'Add', 'Reciprocal']],
    ['Softplus', {}, ['Exp', 'Add', 'Log']],
    ['Softsign', {}, ['Abs', 'Add', 'Div']],
    ['HardSigmoid', {}, ['Mul', 'Add', 'Min', 'Max']],
    ['HardSwish', {}, ['HardSigmoid', 'Mul']],
    ['Swish', {}, ['Sigmoid', 'Mul']],
    ['Mish', {}, ['Softplus', 'Tanh', 'Mul']],
    ['Clip', {}, ['Max', 'Min']],
    ['Celu', {}, ['Max', 'Div', 'Exp', 'Sub', 'Mul', 'Min', 'Add']],
    ['Gelu', {}, ['Div', 'Erf', 'Add', 'Mul', 'Mul']],
    ['Gelu', { approximate: 'tanh' }, ['Pow', 'Mul', 'Add', 'Mul', 'Tanh', 'Add', 'Mul', 'Mul']],
  ])('%s %j: %j', (op, attributes, parts) => {
    holds(lines, ({ rows, length }) => {
      const y = [rows, length]
      const map = (part: string) => node(part, part === 'Min' || part === 'Max' ? [y, []] : [y], y)
      expect(costOf(node(op, [y], y, attributes))).toEqual(costOfAll(parts.map(map)))
    })
  })

  /** Nodes over [rows, length]: those in `onLines` see one element a row, `Reduce…` go from one to the other. */
  const definition = (rows: number, length: number, parts: readonly string[], onLines: readonly string[]) => {
    const x = [rows, length]
    const line = [rows, 1]
    return [
      ...parts.map((part) => node(part, [x], part.startsWith('Reduce') ? line : x)),
      ...onLines.map((part) => node(part, [line], line)),
    ]
  }
  const standardization = ['ReduceMean', 'Sub', 'Mul', 'ReduceMean', 'Div']

  it.each([
    // LayerNormalization as it is exported before opset 17
    ['LayerNormalization', {}, [...standardization, 'Mul', 'Add'], ['Add', 'Sqrt']],
    ['RMSNormalization', {}, ['Mul', 'ReduceMean', 'Div', 'Mul'], ['Add', 'Sqrt']],
    ['MeanVarianceNormalization', { axes: [1] }, standardization, ['Sqrt']],
    ['LpNormalization', { p: 1 }, ['ReduceL1', 'Div'], []],
    ['LpNormalization', { p: 2 }, ['ReduceL2', 'Div'], []],
  ])('%s %j: %j and, once a line, %j', (op, attributes, parts, onLines) => {
    holds(lines, ({ rows, length }) => {
      const x = [rows, length]
      const whole = node(op, [x, [length], [length]], x, attributes)
      expect(costOf(whole)).toEqual(costOfAll(definition(rows, length, parts, onLines)))
    })
  })

  it('InstanceNormalization is GroupNormalization of one channel a group, and LayerNormalization of flat channels', () => {
    holds(image, ({ n, c, h, w }) => {
      const x = [n, c, h, w]
      const cost = costOf(node('InstanceNormalization', [x, [c], [c]], x))
      expect(costOf(node('GroupNormalization', [x, [c], [c]], x, { num_groups: c }))).toEqual(cost)
      expect(costOf(node('LayerNormalization', from([n * c, h * w], [1], [1]), [n * c, h * w]))).toEqual(cost)
    })
  })

  it.each([
    ['GlobalMaxPool', 'MaxPool', 'ReduceMax'],
    ['GlobalAveragePool', 'AveragePool', 'ReduceMean'],
    ['GlobalLpPool', 'LpPool', 'ReduceL2'],
  ])('%s is %s of one window, and %s', (global, pool, reduce) => {
    holds(image, ({ n, c, h, w }) => {
      const x = [n, c, h, w]
      const y = [n, c, 1, 1]
      const cost = costOf(node(global, [x], y))
      expect(costOf(node(pool, [x], y, { kernel_shape: [h, w] }))).toEqual(cost)
      expect(costOf(node(reduce, [x], y))).toEqual(cost)
    })
  })

  it('a sum of n is n − 1 additions, a mean one division more', () => {
    holds(fc.tuple(lines, size(6)), ([{ rows, length }, n]) => {
      const y = [rows, length]
      const operands = Array(n).fill(y)
      const additions = Array(n - 1).fill(node('Add', [y, y], y))
      expect(costOf(node('Sum', operands, y))).toEqual(costOfAll(additions))
      expect(costOf(node('Mean', operands, y))).toEqual(costOfAll([...additions, node('Div', [y, []], y)]))
    })
  })
})
