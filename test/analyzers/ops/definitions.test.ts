import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costOf, costOfAll, from, type Node, node } from './input.js'

// Operators against the nodes of their definition: function bodies and equations of
// https://github.com/onnx/onnx/blob/v1.21.0/docs/Operators.md

const size = (max: number) => fc.integer({ min: 1, max })
const holds = <T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void) => fc.assert(fc.property(arbitrary, law))

/** An operator that keeps the shape of what it is given. */
const map = (op: string, y: readonly number[], others: readonly (readonly number[])[] = []): Node =>
  node(op, [y, ...others], y)

describe('recurrent layers are their equations, step by step', () => {
  const sizes = fc.record({ steps: size(4), batch: size(4), size: size(6), hidden: size(6), directions: size(2) })
  type Sizes = { steps: number; batch: number; size: number; hidden: number; directions: number }

  /** X·Wᵀ + H·Rᵀ + Wb + Rb, and P ⊙ C. */
  const gate = ({ batch, size, hidden }: Sizes, isBiased: boolean, hasPeephole = false): Node[] => {
    const y = [batch, hidden]
    return [
      node('MatMul', from([batch, size], [size, hidden]), y),
      node('MatMul', from([batch, hidden], [hidden, hidden]), y),
      map('Add', y, [y]),
      ...(isBiased ? [map('Add', y, [[hidden]]), map('Add', y, [[hidden]])] : []),
      ...(hasPeephole ? [map('Mul', y, [[hidden]]), map('Add', y, [y])] : []),
    ]
  }

  const cells = {
    RNN: (at: Sizes, isBiased: boolean) => [...gate(at, isBiased), map('Tanh', [at.batch, at.hidden])],
    GRU: (at: Sizes, isBiased: boolean) => {
      const y = [at.batch, at.hidden]
      return [
        ...[1, 2].flatMap(() => [...gate(at, isBiased), map('Sigmoid', y)]),
        ...[...gate(at, isBiased), map('Mul', y, [y]), map('Tanh', y)],
        ...[map('Sub', y), map('Mul', y, [y]), map('Mul', y, [y]), map('Add', y, [y])],
      ]
    },
    LSTM: (at: Sizes, isBiased: boolean, hasPeepholes = false) => {
      const y = [at.batch, at.hidden]
      return [
        ...[1, 2, 3].flatMap(() => [...gate(at, isBiased, hasPeepholes), map('Sigmoid', y)]),
        ...[...gate(at, isBiased), map('Tanh', y)],
        ...[map('Mul', y, [y]), map('Mul', y, [y]), map('Add', y, [y])],
        ...[map('Tanh', y), map('Mul', y, [y])],
      ]
    },
  }

  const layer = (op: string, gates: number, at: Sizes, isBiased: boolean, hasPeepholes = false): Node => {
    const { steps, batch, size, hidden, directions } = at
    const weights = [
      [directions, gates * hidden, size],
      [directions, gates * hidden, hidden],
    ]
    const bias = isBiased ? [directions, 2 * gates * hidden] : undefined
    const peepholes = hasPeepholes ? [undefined, undefined, undefined, [directions, 3 * hidden]] : []
    return node(op, [[steps, batch, size], ...weights, bias, ...peepholes], [steps, directions, batch, hidden])
  }

  const times = (count: number, nodes: readonly Node[]) => costOfAll(Array(count).fill(nodes).flat())

  it.each([
    ['RNN', 1],
    ['GRU', 3],
    ['LSTM', 4],
  ] as const)('%s', (op, gates) => {
    holds(fc.tuple(sizes, fc.boolean()), ([at, isBiased]) => {
      const step = cells[op](at, isBiased)
      expect(costOf(layer(op, gates, at, isBiased))).toEqual(times(at.steps * at.directions, step))
    })
  })

  it('LSTM with peepholes', () => {
    holds(fc.tuple(sizes, fc.boolean()), ([at, isBiased]) => {
      const step = cells.LSTM(at, isBiased, true)
      expect(costOf(layer('LSTM', 4, at, isBiased, true))).toEqual(times(at.steps * at.directions, step))
    })
  })
})

describe('Attention is its pattern', () => {
  const sizes = fc.record({ batch: size(3), shared: size(3), keyHeads: size(3), queries: size(5), keys: size(5) })

  it('scaled Q and K, their product, mask, Softmax, and the product with V', () => {
    holds(fc.tuple(sizes, size(6), size(6)), ([{ batch, shared, keyHeads, queries, keys }, head, value]) => {
      const heads = shared * keyHeads
      const q = [batch, heads, queries, head]
      const k = [batch, keyHeads, keys, head]
      const v = [batch, keyHeads, keys, value]
      const scores = [batch, heads, queries, keys]
      const y = [batch, heads, queries, value]
      const parts = [
        ...[map('Mul', q, [[]]), map('Mul', k, [[]])],
        node('MatMul', from(q, [batch, heads, head, keys]), scores),
        ...[map('Add', scores, [[queries, keys]]), map('Softmax', scores)],
        node('MatMul', from(scores, [batch, heads, keys, value]), y),
      ]
      expect(costOf(node('Attention', from(q, k, v, [queries, keys]), y))).toEqual(costOfAll(parts))
      const flat = (shape: readonly number[]) => [batch, shape[2] ?? 1, (shape[1] ?? 1) * (shape[3] ?? 1)]
      const packed = node('Attention', from(flat(q), flat(k), flat(v), [queries, keys]), flat(y), {
        q_num_heads: heads,
        kv_num_heads: keyHeads,
      })
      expect(costOf(packed)).toEqual(costOfAll(parts))
    })
  })

  it('RotaryEmbedding is four products, a difference and a sum of halves', () => {
    holds(fc.tuple(size(4), size(4), size(4), size(4)), ([batch, heads, length, half]) => {
      const x = [batch, heads, length, 2 * half]
      const part = [batch, heads, length, half]
      const parts = ['Mul', 'Mul', 'Sub', 'Mul', 'Mul', 'Add'].map((op) => map(op, part, [part]))
      expect(
        costOf(
          map('RotaryEmbedding', x, [
            [length, half],
            [length, half],
          ]),
        ),
      ).toEqual(costOfAll(parts))
    })
  })
})

describe('quantization', () => {
  const shape = fc.tuple(size(5), size(9))

  it('DynamicQuantizeLinear is its function body', () => {
    holds(shape, ([rows, length]) => {
      const x = [rows, length]
      const scalars = ['Min', 'Max', 'Sub', 'Div', 'Div', 'Sub', 'Clip', 'Round'].map((op) => map(op, [], [[]]))
      const parts = [
        ...[node('ReduceMin', [x], []), node('ReduceMax', [x], []), ...scalars],
        map('QuantizeLinear', x, [[], []]),
      ]
      expect(costOf(map('DynamicQuantizeLinear', x))).toEqual(costOfAll(parts))
    })
  })

  it('QuantizeLinear divides, rounds, adds and clips; DequantizeLinear subtracts and multiplies', () => {
    holds(shape, (x) => {
      const all = (...ops: string[]) => costOfAll(ops.map((op) => map(op, x, [[]])))
      expect(costOf(map('QuantizeLinear', x, [[], []]))).toEqual(all('Div', 'Round', 'Add', 'Clip'))
      expect(costOf(map('DequantizeLinear', x, [[], []]))).toEqual(all('Sub', 'Mul'))
    })
  })

  it('quantized products have the MACs of the float ones, and of each other', () => {
    holds(fc.tuple(size(5), size(5), size(5)), ([m, k, n]) => {
      const float = costOf(node('MatMul', from([m, k], [k, n]), [m, n]))
      const integer = node('MatMulInteger', from([m, k], [k, n], [], []), [m, n])
      const requantized = costOfAll([integer, map('QuantizeLinear', [m, n], [[], []])])
      const linear = node('QLinearMatMul', from([m, k], [], [], [k, n], [], [], [], []), [m, n])
      expect(costOf(node('MatMulInteger', from([m, k], [k, n]), [m, n]))).toEqual(float)
      expect(costOf(linear)).toEqual(requantized)
    })
  })

  it('quantized convolutions have the MACs of the float one, and of each other', () => {
    holds(fc.tuple(size(4), size(3), size(4), size(3)), ([c, group, m, k]) => {
      const [x, w, y] = [
        [2, c * group, 6, 6],
        [m * group, c, k, k],
        [2, m * group, 7 - k, 7 - k],
      ]
      const attributes = { group }
      const float = costOf(node('Conv', from(x, w), y, attributes))
      const integer = node('ConvInteger', from(x, w, [], []), y, attributes)
      const linear = node('QLinearConv', from(x, [], [], w, [], [], [], []), y, attributes)
      expect(costOf(node('ConvInteger', from(x, w), y, attributes))).toEqual(float)
      expect(costOf(linear)).toEqual(costOfAll([integer, map('QuantizeLinear', y, [[], []])]))
    })
  })
})

describe('Einsum', () => {
  const sizes = fc.tuple(size(4), size(5), size(6), size(7))

  it.each([
    [
      'bij,bjk->bik',
      'MatMul',
      (b: number, i: number, j: number, k: number) => [
        [b, i, j],
        [b, j, k],
        [b, i, k],
      ],
    ],
    [
      'ij,ij->ij',
      'Mul',
      (_: number, i: number, j: number) => [
        [i, j],
        [i, j],
        [i, j],
      ],
    ],
    ['bi,j->bij', 'Mul', (b: number, i: number, j: number) => [[b, i, 1], [j], [b, i, j]]],
  ] as const)('%s is %s', (equation, op, shapes) => {
    holds(sizes, ([b, i, j, k]) => {
      const [left = [], right = [], y = []] = shapes(b, i, j, k)
      const operands = equation === 'bi,j->bij' ? from([b, i], right) : from(left, right)
      expect(costOf(node('Einsum', operands, y, { equation }))).toEqual(costOf(node(op, from(left, right), y)))
    })
  })

  it('of one operand is ReduceSum', () => {
    holds(sizes, ([b, i, j]) => {
      const sum = costOf(node('ReduceSum', from([b, i, j]), [b]))
      expect(costOf(node('Einsum', from([b, i, j]), [b], { equation: 'bij->b' }))).toEqual(sum)
    })
  })

  it('of three operands is two of two', () => {
    holds(sizes, ([i, j, k, l]) => {
      const three = node('Einsum', from([i, j], [j, k], [k, l]), [i, l], { equation: 'ij,jk,kl->il' })
      const first = node('MatMul', from([i, j], [j, k]), [i, k])
      const second = node('MatMul', from([i, k], [k, l]), [i, l])
      expect(costOf(three)).toEqual(costOfAll([first, second]))
    })
  })
})

describe('other operators', () => {
  it('SoftmaxCrossEntropyLoss is LogSoftmax and NegativeLogLikelihoodLoss', () => {
    holds(fc.tuple(size(5), size(5), fc.constantFrom('none', 'sum', 'mean')), ([n, c, reduction]) => {
      const inputs = from([n, c], [n], [c])
      const parts = [map('LogSoftmax', [n, c]), node('NegativeLogLikelihoodLoss', inputs, [], { reduction })]
      expect(costOf(node('SoftmaxCrossEntropyLoss', inputs, [], { reduction }))).toEqual(costOfAll(parts))
    })
  })

  it('windows are sums of cosines', () => {
    holds(size(50), (n) => {
      const all = (...ops: string[]) => costOfAll(ops.map((op) => map(op, [n], [[]])))
      const cosine = ['Mul', 'Cos', 'Mul', 'Sub']
      expect(costOf(node('HannWindow', [[]], [n]))).toEqual(all(...cosine))
      expect(costOf(node('BlackmanWindow', [[]], [n]))).toEqual(all(...cosine, 'Mul', 'Cos', 'Mul', 'Add'))
    })
  })

  it('AffineGrid is a product of points and theta', () => {
    holds(fc.tuple(size(4), size(6), size(6)), ([n, h, w]) => {
      const product = node('MatMul', from([n, h * w, 3], [n, 3, 2]), [n, h * w, 2])
      expect(costOf(node('AffineGrid', from([n, 2, 3], [4]), [n, h, w, 2]))).toEqual(costOf(product))
    })
  })

  it('DeformConv is Conv and, for each tap of each channel, GridSample', () => {
    holds(fc.tuple(size(4), size(4), size(3)), ([c, m, k]) => {
      const [x, w, y] = [
        [1, c, 6, 6],
        [m, c, k, k],
        [1, m, 7 - k, 7 - k],
      ]
      const sampled = node('GridSample', from(x, [1, k * k, (7 - k) ** 2, 2]), [1, c, k * k, (7 - k) ** 2])
      const parts = [node('Conv', from(x, w), y), sampled]
      expect(costOf(node('DeformConv', from(x, w, [1, 2 * k * k, 7 - k, 7 - k]), y))).toEqual(costOfAll(parts))
    })
  })
})
