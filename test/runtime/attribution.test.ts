import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attribute } from '../../src/runtime/attribution.js'
import type { ExecutedKernel, ModelNode, NodeFate, Weight } from '../../src/types.js'

/** `name: Op input input -> output output`; the name may be left out, and `_` is an input that is omitted. */
function parse(line: string) {
  const [, name = '', op = '', inputs = '', outputs = ''] = /^(?:(.*): )?(\S+)(.*) -> (.+)$/.exec(line) ?? []
  const names = (text: string) =>
    text.trim() === ''
      ? []
      : text
          .trim()
          .split(' ')
          .map((tensor) => tensor.replace(/^_$/, ''))
  return { name, op, domain: '', inputs: names(inputs), outputs: names(outputs), attributes: {} }
}

const kernel = (line: string): ExecutedKernel => ({
  ...parse(line),
  provider: 'CPUExecutionProvider',
  attributes: {},
  inputTypes: [],
  outputTypes: [],
  profiledMs: 1,
  timeSource: 'kernel',
})

interface Case {
  readonly source: readonly string[]
  /** Names of initializers. */
  readonly weights?: string
  readonly outputs: string
  readonly kernels: readonly string[]
}

/** By kernel, the first outputs of the nodes it stands for, `+` where it was added; and by node's first output, its fate. */
function attributed({ source, weights = '', outputs, kernels }: Case) {
  const nodes: ModelNode[] = source.map(parse)
  const constants = weights
    .split(' ')
    .map((name): [string, Weight] => [name, { name, elementType: 'float32', dims: [8], data: { kind: 'elided' } }])
  const found = attribute(
    { nodes, weights: new Map(constants), outputs: outputs.split(' ').map((name) => ({ name })) },
    { kernels: kernels.map(kernel), profiledRuns: 1, profiledRunMs: 1 },
  )
  const nameOf = (node: number | null | undefined) => (node == null ? '' : (nodes[node]?.outputs[0] ?? '?'))
  return {
    ...found,
    kernels: found.sources.map((own, index) => (found.inserted[index] ? '+' : own.map(nameOf).join(' '))),
    parts: found.parts.map(nameOf),
    fate: Object.fromEntries(found.fates.map((fate, node) => [nameOf(node), fate])) as Record<string, NodeFate>,
  }
}

/** Two convolutions and a shortcut, as an exporter writes them. */
const block = {
  source: [
    'conv1: Conv x w1 -> c1',
    'bn1: BatchNormalization c1 g1 b1 m1 v1 -> n1',
    'relu1: Relu n1 -> r1',
    'conv2: Conv r1 w2 -> c2',
    'bn2: BatchNormalization c2 g2 b2 m2 v2 -> n2',
    'id: Identity n2 -> i2',
    'scale: Mul one half -> k',
    'scaled: Mul i2 k -> s2',
    'add: Add s2 r1 -> a',
    'relu2: Relu a -> y',
  ],
  weights: 'w1 w2 g1 b1 m1 v1 g2 b2 m2 v2 one half',
  outputs: 'y',
}

describe('a block, as onnxruntime runs it', () => {
  it('with no optimisation: every node is a kernel', () => {
    const { kernels, fate } = attributed({ ...block, kernels: block.source })
    expect(kernels).toEqual(['c1', 'n1', 'r1', 'c2', 'n2', 'i2', 'k', 's2', 'a', 'y'])
    expect(new Set(Object.values(fate))).toEqual(new Set(['executed']))
  })

  it('at basic: BatchNorm is in the convolution, constants are computed, Identity is gone', () => {
    const { kernels, fate } = attributed({
      ...block,
      kernels: [
        'conv1: Conv x w1 ConvBnFusion_BN_B_b1 -> n1',
        'relu1: Relu n1 -> r1',
        'conv2: Conv r1 w2 ConvBnFusion_BN_B_b2 -> s2',
        'add: Add s2 r1 -> a',
        'relu2: Relu a -> y',
      ],
    })
    expect(kernels).toEqual(['c1 n1', 'r1', 'c2 n2 i2 s2', 'a', 'y'])
    expect(fate).toEqual({
      c1: 'executed',
      n1: 'fused',
      r1: 'executed',
      c2: 'executed',
      n2: 'fused',
      i2: 'removed',
      k: 'folded',
      s2: 'fused',
      a: 'executed',
      y: 'executed',
    })
  })

  it('at extended: Relu is in the convolution too', () => {
    const { kernels, fate } = attributed({
      ...block,
      kernels: [
        'conv1: FusedConv x w1 ConvBnFusion_BN_B_b1 -> r1',
        'conv2: FusedConv r1 w2 ConvBnFusion_BN_B_b2 r1 -> y',
      ],
    })
    expect(kernels).toEqual(['c1 n1 r1', 'c2 n2 i2 s2 a y'])
    expect(fate).toMatchObject({ c1: 'executed', r1: 'fused', a: 'fused', y: 'fused' })
  })

  it('at all: in blocks of channels, between reorders, named after what it computed first', () => {
    const { kernels, fate } = attributed({
      ...block,
      kernels: [
        'ReorderInput: ReorderInput x -> reorder_token_0',
        'r1_nchwc: Conv reorder_token_0 reorder ConvBnFusion_BN_B_b1 -> reorder_token_1',
        'n2_nchwc: Conv reorder_token_1 reorder_token_2 ConvBnFusion_BN_B_b2 reorder_token_1 -> reorder_token_3',
        'ReorderOutput: ReorderOutput reorder_token_3 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c1 n1 r1', 'c2 n2 i2 s2 a y', '+'])
    expect(fate).toMatchObject({ k: 'folded', i2: 'removed', c1: 'executed', y: 'fused' })
  })

  it('at all, where the names of nodes are lost', () => {
    const nameless = block.source.map((line) => line.replace(/^.*: /, ''))
    const { kernels } = attributed({
      ...block,
      source: nameless,
      kernels: [
        'ReorderInput: ReorderInput x -> reorder_token_0',
        'r1_nchwc: Conv reorder_token_0 reorder ConvBnFusion_BN_B_b1 -> reorder_token_1',
        'n2_nchwc: Conv reorder_token_1 reorder_token_2 ConvBnFusion_BN_B_b2 reorder_token_1 -> reorder_token_3',
        'ReorderOutput: ReorderOutput reorder_token_3 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c1 n1 r1', 'c2 n2 i2 s2 a y', '+'])
  })
})

describe('a convolution in blocks', () => {
  it('that absorbs an addition takes the other convolution as its input', () => {
    const { kernels } = attributed({
      source: ['Conv x a -> p', 'Conv x b -> q', 'Add p q -> s', 'Relu s -> y'],
      weights: 'a b',
      outputs: 'y',
      kernels: [
        'ReorderInput: ReorderInput x -> t0',
        'p_nchwc: Conv t0 t1 -> t2',
        'q_nchwc: Conv t0 t3 _ t2 -> t4',
        'ReorderOutput: ReorderOutput t4 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'p', 'q s y', '+'])
  })

  it('that was a BatchNormalization before an activation is not taken for the one before it', () => {
    const { kernels, fate } = attributed({
      source: ['Conv x a -> p', 'BatchNormalization p g b m v -> n', 'Relu n -> r', 'Conv r c -> q', 'Add p q -> y'],
      weights: 'a c g b m v',
      outputs: 'y',
      kernels: [
        'ReorderInput: ReorderInput x -> t0',
        'p_nchwc: Conv t0 t1 -> t2',
        'n_bn_nchwc: Conv t2 bn_scale bn_B -> t3',
        'q_nchwc: Conv t3 t4 _ t2 -> t5',
        'ReorderOutput: ReorderOutput t5 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'p', 'n r', 'q y', '+'])
    expect(fate).toMatchObject({ n: 'executed', r: 'fused' })
  })

  it('whose tensor ends in _bn is a convolution all the same', () => {
    const { kernels, fate } = attributed({
      source: ['Conv x a -> p', 'BatchNormalization p g b m v -> p_bn'],
      weights: 'a g b m v',
      outputs: 'p_bn',
      kernels: ['ReorderInput: ReorderInput x -> t0', 'p_bn_nchwc: Conv t0 t1 -> t2', 'ReorderOutput t2 -> p_bn'],
    })
    expect(kernels).toEqual(['+', 'p p_bn', '+'])
    expect(fate).toEqual({ p: 'executed', p_bn: 'fused' })
  })

  it('between reorders that transpose: they do what the source asks for, so they are not added', () => {
    const { kernels, fate, inserted } = attributed({
      source: ['Transpose x -> t', 'Conv t a -> c', 'Relu c -> r', 'Transpose r -> y'],
      weights: 'a',
      outputs: 'y',
      kernels: [
        'ReorderInput: ReorderInput x -> t0',
        'r_nchwc: Conv t0 t1 -> t2',
        'ReorderOutput: ReorderOutput t2 -> y',
      ],
    })
    expect(kernels).toEqual(['t', 'c r', 'y'])
    expect(inserted).toEqual([false, false, false])
    expect(fate).toMatchObject({ t: 'fused', c: 'executed', y: 'fused' })
  })

  it('reads what several want: its reorder is added though one of them transposes', () => {
    const { kernels } = attributed({
      source: ['tr: Transpose x -> t', 'Conv x a -> c', 'Relu c -> y'],
      weights: 'a',
      outputs: 'y t',
      kernels: [
        'tr: Transpose x -> t',
        'ReorderInput: ReorderInput x -> t0',
        'y_nchwc: Conv t0 t1 -> t2',
        'ReorderOutput: ReorderOutput t2 -> y',
      ],
    })
    expect(kernels).toEqual(['t', '+', 'c y', '+'])
  })

  it('whose result is kept and read: each reorder out is added', () => {
    const { kernels } = attributed({
      source: ['Conv x a -> c', 'Relu c -> r', 'sig: Sigmoid r -> s', 'mul: Mul r s -> y'],
      weights: 'a',
      outputs: 'r y',
      kernels: [
        'ReorderInput: ReorderInput x -> t0',
        'r_nchwc: Conv t0 t1 -> t2',
        'sig: Sigmoid t2 -> t3',
        'mul: Mul t2 t3 -> t4',
        'ReorderOutput: ReorderOutput t2 -> r',
        'ReorderOutput_token_7: ReorderOutput t4 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c r', 's', 'y', '+', '+'])
  })
})

describe('kernels in another layout, as WebGPU runs them', () => {
  it('are called after the nodes that they were copied from, and so is what they make', () => {
    const { kernels, fate } = attributed({
      ...block,
      kernels: [
        'Transpose: Transpose x -> Transpose_out0',
        'conv1_token_2: Conv Transpose_out0 w1 ConvBnFusion_BN_B_b1 -> relu1',
        'conv2_token_7: Conv relu1 w2 ConvBnFusion_BN_B_b2 -> conv2_token_6',
        'add: Add conv2_token_6 relu1 -> add_token_11',
        'relu2: Relu add_token_11 -> relu2_token_12',
        'Transpose_token_13: Transpose relu2_token_12 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c1 n1 r1', 'c2 n2 i2 s2', 'a', 'y', '+'])
    expect(fate).toMatchObject({
      c1: 'executed',
      r1: 'fused',
      i2: 'removed',
      k: 'folded',
      a: 'executed',
      y: 'executed',
    })
  })

  it('are found by their weights where nodes have no names', () => {
    const { kernels } = attributed({
      ...block,
      source: block.source.map((line) => line.replace(/^.*: /, '')),
      kernels: [
        'Transpose: Transpose x -> Transpose_out0',
        '_token_2: Conv Transpose_out0 ConvBnFusion_W_w1 ConvBnFusion_BN_B_b1 -> _token_9',
        '_token_7: Conv _token_9 ConvMulFusion_W_ConvBnFusion_W_w2 ConvBnFusion_BN_B_b2 -> _token_6',
        'Add_8: Add _token_6 _token_9 -> _token_11',
        'Relu_9: Relu _token_11 -> _token_12',
        'Transpose_token_13: Transpose _token_12 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c1 n1 r1', 'c2 n2 i2 s2', 'a', 'y', '+'])
  })

  it('take no node that a kernel behind them needs, which nothing names', () => {
    const { kernels } = attributed({
      source: [
        'Conv x a -> c',
        'Relu c -> r',
        'GlobalAveragePool r -> g',
        'Conv g b -> e',
        'Sigmoid e -> s',
        'Mul r s -> y',
      ],
      weights: 'a b',
      outputs: 'y',
      kernels: [
        'Transpose: Transpose x -> Transpose_out0',
        '_token_2: Conv Transpose_out0 a -> _token_24',
        '_token_7: GlobalAveragePool _token_24 -> _token_6',
        '_token_11: Conv _token_6 b -> _token_26',
        'Mul_5: Mul _token_24 _token_26 -> _token_30',
        'Transpose_token_19: Transpose _token_30 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c r', 'g', 'e s', 'y', '+'])
  })

  it.each([
    ['with names', 'conv1: conv2: sig1: sig2: mul1: mul2: add:', 'conv1_token_2 conv2_token_7 mul1 mul2_token_16'],
    ['without names', '', '_token_2 _token_7 _token_12 _token_16'],
  ])('take Swish in, %s', (_, names, made) => {
    const [conv1 = '', conv2 = '', sig1 = '', sig2 = '', mul1 = '', mul2 = '', add = ''] = names.split(' ')
    const [first, second, swish1, swish2] = made.split(' ')
    const { kernels } = attributed({
      source: [
        `${conv1} Conv x a -> c`,
        `${sig1} Sigmoid c -> s`,
        `${mul1} Mul c s -> m`,
        `${conv2} Conv m b -> d`,
        `${sig2} Sigmoid d -> t`,
        `${mul2} Mul d t -> u`,
        `${add} Add m u -> y`,
      ].map((line) => line.trim()),
      weights: 'a b',
      outputs: 'y',
      kernels: [
        'Transpose: Transpose x -> Transpose_out0',
        `${first}: Conv Transpose_out0 a -> ${swish1}`,
        `${second}: Conv ${swish1} b -> ${swish2}`,
        `${names === '' ? 'Add_6' : 'add'}: Add ${swish1} ${swish2} -> _token_18`,
        'Transpose_token_17: Transpose _token_18 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c s m', 'd t u', 'y', '+'])
  })

  it('are told from tensors of the same name', () => {
    const { kernels } = attributed({
      source: ['c: Conv x a -> c', 'n: BatchNormalization c g b m v -> n', 'r: Relu n -> r', 'd: Conv r e -> d'],
      weights: 'a e g b m v',
      outputs: 'd',
      kernels: [
        'Transpose: Transpose x -> Transpose_out0',
        'c_token_2: Conv Transpose_out0 ConvBnFusion_W_a ConvBnFusion_BN_B_b -> r_token_10',
        'd_token_7: Conv r_token_10 e -> d_token_6',
        'Transpose_token_5: Transpose d_token_6 -> d',
      ],
    })
    expect(kernels).toEqual(['+', 'c n r', 'd', '+'])
  })

  it('that were added are not taken for a node with the name of their operator', () => {
    const { kernels, inserted } = attributed({
      source: ['Transpose: Transpose x -> t', 'Conv t a -> c', 'Relu c -> y'],
      weights: 'a',
      outputs: 't y',
      kernels: [
        'Transpose: Transpose x -> t',
        'Transpose_token_1: Transpose t -> Transpose_token_1_out0',
        '_token_3: Conv Transpose_token_1_out0 a -> _token_9',
        'Transpose_token_4: Transpose _token_9 -> y',
      ],
    })
    expect(kernels).toEqual(['t', '+', 'c y', '+'])
    expect(inserted).toEqual([false, true, false, true])
  })

  it('read sizes in another order, which is put right by a Gather that is added', () => {
    const { kernels } = attributed({
      source: [
        'conv: Conv x a -> c',
        'shape: Shape c -> s',
        'slice: Slice s from to -> p',
        'reshape: Reshape c p -> y',
      ],
      weights: 'a from to',
      outputs: 'y',
      kernels: [
        'Transpose: Transpose x -> Transpose_out0',
        'conv_token_2: Conv Transpose_out0 a -> conv_token_1',
        'shape: Shape conv_token_1 -> shape_token_5',
        'Gather: Gather shape_token_5 const_transpose_optimizer -> s',
        'slice: Slice s from to -> p',
        'Transpose_token_3: Transpose conv_token_1 -> c',
        'reshape: Reshape c p -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c', 's', '+', 'p', '+', 'y'])
  })

  it('that compute sizes inside a function are parts of it, though what they make has no such name', () => {
    const { parts, kernels } = attributed({
      source: ['conv: Conv x a -> c', 'norm: GroupNormalization c g b -> y'],
      weights: 'a g b',
      outputs: 'y',
      kernels: [
        'conv_token_2: Conv x a -> conv_token_1',
        'Shape_3: Shape conv_token_1 -> _token_7',
        'Gather_4: Gather _token_7 first -> _inlfunc_GroupNormalization_N',
        'Mul_5: Mul _inlfunc_GroupNormalization_N g -> _inlfunc_GroupNormalization_Scaled',
        'Add_6: Add _inlfunc_GroupNormalization_Scaled b -> y',
      ],
    })
    expect(kernels).toEqual(['c', '', '', '', 'y'])
    expect(parts).toEqual(['', 'y', 'y', 'y', ''])
  })
})

describe('a kernel that falls back to the host', () => {
  it('stands between copies, which are added', () => {
    const { kernels, fate } = attributed({
      source: ['conv: Conv x a -> c', 'clip: Clip c low high -> p', 'relu: Relu p -> y'],
      weights: 'a low high',
      outputs: 'y',
      kernels: [
        'conv_token_2: Conv x a -> conv_token_1_WebGpuExecutionProvider',
        'Memcpy_token_7: MemcpyToHost conv_token_1_WebGpuExecutionProvider -> conv_token_1',
        'clip: Clip conv_token_1 low high -> clip_token_8',
        'Memcpy: MemcpyFromHost clip_token_8 -> clip_token_8_WebGpuExecutionProvider',
        'relu: Relu clip_token_8_WebGpuExecutionProvider -> y',
      ],
    })
    expect(kernels).toEqual(['c', '+', 'p', '+', 'y'])
    expect(new Set(Object.values(fate))).toEqual(new Set(['executed']))
  })
})

describe('a fused kernel', () => {
  it('for Gelu stands for all that it is written in', () => {
    const { kernels, fate } = attributed({
      source: [
        'MatMul x w -> m',
        'Div m root2 -> d',
        'Erf d -> e',
        'Add e one -> f',
        'Mul m f -> g',
        'Mul g half -> y',
      ],
      weights: 'w root2 one half',
      outputs: 'y',
      kernels: ['MatMul_0: MatMul x w -> m', 'Gelu: Gelu m -> y'],
    })
    expect(kernels).toEqual(['m', 'd e f g y'])
    expect(fate).toMatchObject({ m: 'executed', d: 'fused', y: 'fused' })
  })

  it.each([
    ['named after one of its nodes', 'mul: Mul c s -> m', 'mul/QuickGeluFusion/'],
    ['that no name leads to', 'Mul c s -> m', '/QuickGeluFusion/'],
  ])('for Swish between convolutions in blocks, %s, is not part of the next', (_, mul, name) => {
    const { kernels } = attributed({
      source: ['Conv x a -> c', 'Sigmoid c -> s', mul, 'Conv m b -> y'],
      weights: 'a b',
      outputs: 'y',
      kernels: [
        'ReorderInput: ReorderInput x -> t0',
        'c_nchwc: Conv t0 t1 -> t2',
        `${name}: QuickGelu t2 -> t3`,
        'y_nchwc: Conv t3 t4 -> t5',
        'ReorderOutput: ReorderOutput t5 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c', 's m', 'y', '+'])
  })

  it('for a product and a sum is wrapped in reshapes, which are added', () => {
    const { kernels } = attributed({
      source: ['fc: MatMul x w -> m', 'bias: Add m b -> a', 'relu: Relu a -> y'],
      weights: 'w b',
      outputs: 'y',
      kernels: [
        'gemm_input_reshape: Reshape x shape0 -> flat',
        'fc/MatMulAddFusion: Gemm flat w b -> product',
        'gemm_output_reshape: Reshape product shape1 -> a',
        'relu: Relu a -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'm a', '+', 'y'])
  })

  it('without a name is told from its like by its weights', () => {
    const { kernels } = attributed({
      source: [
        'MatMul x wq -> q0',
        'Add q0 bq -> q1',
        'Reshape q1 shape -> q',
        'MatMul x wk -> k0',
        'Add k0 bk -> k1',
        'Reshape k1 shape -> k',
        'MatMul q k -> y',
      ],
      weights: 'wq bq wk bk shape',
      outputs: 'y',
      kernels: [
        '/MatMulAddFusion: Gemm x wk bk -> t0',
        'Reshape t0 shape0 -> k',
        '/MatMulAddFusion_token_6: Gemm x wq bq -> t1',
        'Reshape t1 shape1 -> q',
        'MatMul_6: MatMul q k -> y',
      ],
    })
    expect(kernels).toEqual(['k0 k1', 'k', 'q0 q1', 'q', 'y'])
  })

  it('for a matrix product takes the transposition before it and the factor behind it', () => {
    const { kernels } = attributed({
      source: ['Transpose y -> t', 'MatMul x t -> m', 'Mul m k -> s', 'Softmax s -> z'],
      weights: 'k',
      outputs: 'z',
      kernels: ['/MatmulTransposeFusion//MatMulScaleFusion/: FusedMatMul x y -> s', 'Softmax_3: Softmax s -> z'],
    })
    expect(kernels).toEqual(['t m s', 'z'])
  })

  it('for LayerNorm with its shortcut stops at its inputs', () => {
    const { kernels } = attributed({
      source: [
        'MatMul x w -> q',
        'Add x q -> s',
        'ReduceMean s -> m',
        'Sub s m -> d',
        'Pow d two -> p',
        'ReduceMean p -> v',
        'Add v eps -> ve',
        'Sqrt ve -> sd',
        'Div d sd -> n',
        'Mul n g -> ng',
        'Add ng b -> y',
      ],
      weights: 'w two eps g b',
      outputs: 'y',
      kernels: ['MatMul_0: MatMul x w -> q', 'SkipLayerNormalization: SkipLayerNormalization x q g b -> y'],
    })
    expect(kernels).toEqual(['q', 's m d p v ve sd n ng y'])
  })

  it.each(['fused fc: FusedGemm x w b -> r', 'fused : FusedGemm x w b -> r'])('called %s is found', (line) => {
    const { kernels, fate } = attributed({
      source: ['fc: Gemm x w b -> g', 'Relu g -> r', 'Softmax r -> y'],
      weights: 'w b',
      outputs: 'y',
      kernels: [line, 'Softmax r -> y'],
    })
    expect(kernels).toEqual(['g r', 'y'])
    expect(fate).toMatchObject({ g: 'executed', r: 'fused' })
  })
})

describe('kernels without names', () => {
  it('are known by operator and place, Constant nodes not counted', () => {
    const { kernels } = attributed({
      source: ['Constant -> k', 'Conv x a -> c', 'Add c k -> s', 'Relu s -> r', 'Sigmoid r -> y'],
      weights: 'a',
      outputs: 's y',
      kernels: [
        'ReorderInput: ReorderInput x -> t0',
        'c_nchwc: Conv t0 t1 -> t2',
        'Add_1: Add t2 t3 -> t4',
        'Relu_2: Relu t4 -> t5',
        'Sigmoid_3: Sigmoid t5 -> t6',
        'ReorderOutput: ReorderOutput t4 -> s',
        'ReorderOutput_token_8: ReorderOutput t6 -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c', 's', 'r', 'y', '+', '+'])
  })
})

describe('nodes that do the same', () => {
  const twins = {
    source: ['Conv x w -> a', 'Relu a -> ra', 'Conv x w -> b', 'Relu b -> rb', 'Add ra rb -> y'],
    weights: 'w',
    outputs: 'y',
  }

  it('run once, whichever is kept, and the others are removed', () => {
    const last = attributed({ ...twins, kernels: ['Conv_2: FusedConv x w -> rb', 'Add_4: Add rb rb -> y'] })
    expect(last.kernels).toEqual(['b rb', 'y'])
    expect(last.fate).toMatchObject({ a: 'removed', ra: 'removed', b: 'executed', rb: 'fused' })
    const first = attributed({ ...twins, kernels: ['Conv_0: FusedConv x w -> ra', 'Add_4: Add ra ra -> y'] })
    expect(first.kernels).toEqual(['a ra', 'y'])
    expect(first.fate).toMatchObject({ a: 'executed', b: 'removed', rb: 'removed' })
  })

  it('run each where nothing is merged', () => {
    const { kernels, fate } = attributed({
      ...twins,
      kernels: ['Conv x w -> a', 'Relu a -> ra', 'Conv x w -> b', 'Relu b -> rb', 'Add ra rb -> y'],
    })
    expect(kernels).toEqual(['a', 'ra', 'b', 'rb', 'y'])
    expect(new Set(Object.values(fate))).toEqual(new Set(['executed']))
  })

  it('are not those with other weights', () => {
    const { fate } = attributed({
      source: ['Conv x w -> a', 'Conv x v -> b', 'Add a b -> y'],
      weights: 'w v',
      outputs: 'y',
      kernels: ['Conv x w -> a', 'Add a other -> y'],
    })
    expect(fate.b).not.toBe('removed')
  })
})

describe('a node that no kernel runs', () => {
  it('is removed where no output needs it', () => {
    const { fate } = attributed({
      source: ['Relu x -> y', 'Sigmoid x -> s', 'Exp s -> e'],
      outputs: 'y',
      kernels: ['Relu x -> y'],
    })
    expect(fate).toEqual({ y: 'executed', s: 'removed', e: 'removed' })
  })

  it('is folded where it does not depend on data', () => {
    const { fate, kernels } = attributed({
      source: [
        'Shape x -> shape',
        'Slice shape from to -> batch',
        'Concat batch rest -> wanted',
        'Reshape x wanted -> y',
      ],
      weights: 'from to rest',
      outputs: 'y',
      kernels: ['Reshape_3: Reshape x constant -> y'],
    })
    expect(fate).toEqual({ shape: 'folded', batch: 'folded', wanted: 'folded', y: 'executed' })
    expect(kernels).toEqual(['y'])
  })

  it('is executed though it could be folded, where a kernel does run it', () => {
    const { fate } = attributed({
      source: ['Shape x -> shape', 'Reshape x shape -> y'],
      outputs: 'y',
      kernels: ['Shape x -> shape', 'Reshape x shape -> y'],
    })
    expect(fate).toEqual({ shape: 'executed', y: 'executed' })
  })

  it('is unmatched where it should run', () => {
    const { fate, kernels } = attributed({
      source: ['Conv x w -> a', 'Mystery a -> y'],
      weights: 'w',
      outputs: 'y',
      kernels: ['Conv x w -> a'],
    })
    expect(fate).toEqual({ a: 'executed', y: 'unmatched' })
    expect(kernels).toEqual(['a'])
  })
})

describe('a function that onnxruntime has no kernel for', () => {
  it('is its last kernel, and the others are its parts', () => {
    const { kernels, parts, fate, inserted } = attributed({
      source: ['conv: Conv x w -> c', 'mish: Mish c -> m', 'mish2: Mish m -> y'],
      weights: 'w',
      outputs: 'y',
      kernels: [
        'conv: Conv x w -> c',
        'Softplus_3: Softplus c -> _inlfunc_Mish_Softplus_X',
        'Tanh_4: Tanh _inlfunc_Mish_Softplus_X -> _inlfunc_Mish_TanHSoftplusX',
        'Mul_5: Mul c _inlfunc_Mish_TanHSoftplusX -> m',
        'Softplus_6: Softplus m -> _inlfunc_Mish_token_0_Softplus_X',
        'Tanh_7: Tanh _inlfunc_Mish_token_0_Softplus_X -> _inlfunc_Mish_token_0_TanHSoftplusX',
        'Mul_8: Mul m _inlfunc_Mish_token_0_TanHSoftplusX -> y',
      ],
    })
    expect(kernels).toEqual(['c', '', '', 'm', '', '', 'y'])
    expect(parts).toEqual(['', 'm', 'm', '', 'y', 'y', ''])
    expect(fate).toEqual({ c: 'executed', m: 'fused', y: 'fused' })
    expect(inserted).not.toContain(true)
  })

  it('has its own moves of data, which are not added', () => {
    const { inserted, parts } = attributed({
      source: ['gn: GroupNormalization x g b -> y'],
      weights: 'g b',
      outputs: 'y',
      kernels: [
        'Cast_4: Cast x -> _inlfunc_GroupNormalization_XU',
        'Reshape_12: Reshape _inlfunc_GroupNormalization_XU shape -> _inlfunc_GroupNormalization_X3D',
        'Add_31: Add _inlfunc_GroupNormalization_X3D b -> _inlfunc_GroupNormalization_Biased',
        'Reshape_32: Reshape _inlfunc_GroupNormalization_Biased shape -> y',
      ],
    })
    expect(inserted).toEqual([false, false, false, true])
    expect(parts.slice(0, 2)).toEqual(['y', 'y'])
  })
})

describe('copies between devices', () => {
  it('are added, and hold the same tensor on both sides', () => {
    const { kernels } = attributed({
      source: ['Conv x w -> c', 'Relu c -> r', 'odd: NonZero r -> y'],
      weights: 'w',
      outputs: 'y',
      kernels: [
        'Memcpy_token_1: MemcpyFromHost x -> x_CUDA',
        'conv: FusedConv x_CUDA w -> t0',
        'Memcpy_token_2: MemcpyToHost t0 -> r',
        'odd: NonZero r -> y',
      ],
    })
    expect(kernels).toEqual(['+', 'c r', '+', 'y'])
  })
})

describe('any graph run in any way', () => {
  const operators = ['Relu', 'Sigmoid', 'Add', 'Conv', 'Transpose', 'Reshape', 'Split']
  // each node reads some of the tensors before it
  const graphs = fc
    .array(
      fc.record({ op: fc.constantFrom(...operators), reads: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((nodes) =>
      nodes.map(({ op, reads }, index) => {
        const tensors = ['x', 'w', ...nodes.slice(0, index).map((_, before) => `t${before}`)]
        return `${op} ${reads.map((read) => tensors[read % tensors.length]).join(' ')} -> t${index}`
      }),
    )
  const kernelsOf = (source: readonly string[]) =>
    fc
      .subarray([...source])
      .chain((some) =>
        fc.tuple(fc.constant(some), fc.array(fc.boolean(), { minLength: some.length, maxLength: some.length })),
      )
      .map(([some, renamed]) => some.map((line, index) => (renamed[index] ? line.replace(/-> t/, '-> token_') : line)))

  it('gives a node to one kernel at most, and each node a fate', () => {
    const runs = graphs.chain((source) => fc.tuple(fc.constant(source), kernelsOf(source)))
    fc.assert(
      fc.property(runs, ([source, kernels]) => {
        const { sources, fates, inserted, parts } = attributed({
          source,
          weights: 'w',
          outputs: `t${source.length - 1}`,
          kernels,
        })
        const claimed = sources.flat()
        expect(new Set(claimed).size).toBe(claimed.length)
        expect(fates).toHaveLength(source.length)
        expect([sources.length, inserted.length, parts.length]).toEqual(Array(3).fill(kernels.length))
        for (const node of claimed) expect(['executed', 'fused', 'removed']).toContain(fates[node])
        for (const [index, own] of sources.entries()) {
          expect([...own].sort((a, b) => a - b)).toEqual(own)
          if (inserted[index]) expect(own).toEqual([])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('and gives each node that runs under its own name to its own kernel', () => {
    fc.assert(
      fc.property(graphs, (source) => {
        const { sources } = attributed({ source, weights: 'w', outputs: `t${source.length - 1}`, kernels: source })
        expect(sources).toEqual(source.map((_, index) => [index]))
      }),
      { numRuns: 500 },
    )
  })
})
