import type { Line, SmallModel } from './small-model.js'

interface Pattern {
  readonly name: string
  readonly model: SmallModel
  /** At level `all`, by node, where it does not depend on the processor. */
  readonly fates?: string
}

const x = { x: [1, 32, 8, 8] }
const square = [32, 32, 1, 1]
const wide = [32, 32, 3, 3]

/** A convolution that keeps height and width. */
const conv = (line: string, kernel = 1, group = 1): Line => [
  `Conv ${line}`,
  { kernel_shape: [kernel, kernel], pads: Array(4).fill((kernel - 1) / 2), group },
]

const norm = { g: [32], b: [32], m: [32], v: [32] }

/** What networks are made of, and what onnxruntime makes of it in ways that a matcher can miss. */
export const patterns: readonly Pattern[] = [
  {
    name: 'Swish between convolutions',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w1: square, w2: square },
      nodes: [conv('x w1 -> c'), 'Sigmoid c -> s', 'Mul c s -> y', conv('y w2 -> z')],
    },
  },
  {
    name: 'two Swishes and a sum',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w1: square, w2: square, ...norm },
      nodes: [
        conv('x w1 -> c'),
        'BatchNormalization c g b m v -> n',
        'Sigmoid n -> s',
        'Mul s n -> y',
        conv('y w2 -> d'),
        'Sigmoid d -> t',
        'Mul d t -> u',
        'Add y u -> z',
      ],
    },
  },
  {
    name: 'a residual block with BatchNorm before activation',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w0: square, w1: wide, w2: wide, ...norm },
      nodes: [
        conv('x w0 -> c0'),
        'BatchNormalization c0 g b m v -> n1',
        'Relu n1 -> r1',
        conv('r1 w1 -> c1', 3),
        'Add c0 c1 -> a',
        'BatchNormalization a g b m v -> n2',
        'Relu n2 -> r2',
        conv('r2 w2 -> c2', 3),
        'Add a c2 -> z',
      ],
    },
  },
  {
    name: 'dense connections',
    model: {
      inputs: x,
      outputs: 'z',
      weights: {
        w0: square,
        w1: [16, 32, 3, 3],
        w2: [16, 48, 3, 3],
        ...norm,
        g2: [48],
        b2: [48],
        m2: [48],
        v2: [48],
      },
      nodes: [
        conv('x w0 -> x0'),
        'BatchNormalization x0 g b m v -> n1',
        'Relu n1 -> r1',
        conv('r1 w1 -> c1', 3),
        ['Concat x0 c1 -> x1', { axis: 1 }],
        'BatchNormalization x1 g2 b2 m2 v2 -> n2',
        'Relu n2 -> r2',
        conv('r2 w2 -> c2', 3),
        ['Concat x1 c2 -> x2', { axis: 1 }],
        'GlobalAveragePool x2 -> z',
      ],
    },
  },
  {
    name: 'squeeze and excitation',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w0: wide, w1: [8, 32, 1, 1], w2: [32, 8, 1, 1], b1: [8], b2: [32], w3: [64, 32, 1, 1] },
      nodes: [
        conv('x w0 -> c', 3),
        'Relu c -> r',
        'GlobalAveragePool r -> g',
        conv('g w1 b1 -> e'),
        'Relu e -> f',
        conv('f w2 b2 -> h'),
        'Sigmoid h -> s',
        'Mul r s -> y',
        conv('y w3 -> z'),
      ],
    },
  },
  {
    name: 'a channel shuffle',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w0: [32, 8, 1, 1], w1: [32, 1, 3, 3], w2: [32, 8, 1, 1] },
      integers: { split: [1, 4, 8, 8, 8], joined: [1, 32, 8, 8] },
      nodes: [
        conv('x w0 -> c', 1, 4),
        'Relu c -> r',
        'Reshape r split -> s',
        ['Transpose s -> t', { perm: [0, 2, 1, 3, 4] }],
        'Reshape t joined -> u',
        conv('u w1 -> d', 3, 32),
        conv('d w2 -> e', 1, 4),
        'Add x e -> a',
        'Relu a -> z',
      ],
    },
  },
  {
    name: 'a channel split',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w0: [16, 16, 1, 1], w1: [16, 1, 3, 3], w2: [16, 16, 1, 1] },
      integers: { halves: [16, 16] },
      nodes: [
        ['Split x halves -> left right', { axis: 1 }],
        conv('right w0 -> c'),
        'Relu c -> r',
        conv('r w1 -> d', 3, 16),
        conv('d w2 -> e'),
        'Relu e -> f',
        ['Concat left f -> z', { axis: 1 }],
      ],
    },
  },
  {
    name: 'channels last',
    model: {
      inputs: { x: [1, 8, 8, 32] },
      outputs: 'z',
      weights: { w1: wide, w2: wide },
      nodes: [
        ['Transpose x -> t', { perm: [0, 3, 1, 2] }],
        conv('t w1 -> c', 3),
        'Relu c -> r',
        ['Transpose r -> u', { perm: [0, 2, 3, 1] }],
        ['Transpose u -> v', { perm: [0, 3, 1, 2] }],
        conv('v w2 -> d', 3),
        ['Transpose d -> z', { perm: [0, 2, 3, 1] }],
      ],
    },
  },
  {
    name: 'Gelu in parts',
    model: {
      inputs: { x: [1, 8, 32] },
      outputs: 'z',
      weights: { w: [32, 32], b: [32], w2: [32, 32], root2: Math.SQRT2, one: 1, half: 0.5 },
      nodes: [
        'MatMul x w -> m',
        'Add m b -> a',
        'Div a root2 -> d',
        'Erf d -> e',
        'Add e one -> f',
        'Mul a f -> g',
        'Mul g half -> h',
        'MatMul h w2 -> z',
      ],
    },
    fates: 'fused fused fused fused fused fused fused executed',
  },
  {
    name: 'LayerNorm in parts, with its shortcut',
    model: {
      inputs: { x: [1, 8, 32] },
      outputs: 'z',
      weights: { w: [32, 32], g: [32], b: [32], two: 2, epsilon: 1e-5 },
      nodes: [
        'MatMul x w -> q',
        'Add x q -> y',
        ['ReduceMean y -> m', { axes: [-1] }],
        'Sub y m -> d',
        'Pow d two -> p',
        ['ReduceMean p -> v', { axes: [-1] }],
        'Add v epsilon -> e',
        'Sqrt e -> s',
        'Div d s -> n',
        'Mul n g -> h',
        'Add h b -> z',
      ],
    },
    fates: 'executed fused fused fused fused fused fused fused fused fused fused',
  },
  {
    name: 'attention',
    model: {
      inputs: { x: [1, 16, 32] },
      outputs: 'z',
      weights: {
        wq: [32, 32],
        wk: [32, 32],
        wv: [32, 32],
        wo: [32, 32],
        bq: [32],
        bk: [32],
        bv: [32],
        bo: [32],
        root: 2.83,
      },
      integers: { heads: [1, 16, 4, 8], joined: [1, 16, 32] },
      nodes: [
        'MatMul x wq -> q0',
        'Add q0 bq -> q1',
        'Reshape q1 heads -> q2',
        ['Transpose q2 -> q', { perm: [0, 2, 1, 3] }],
        'MatMul x wk -> k0',
        'Add k0 bk -> k1',
        'Reshape k1 heads -> k2',
        ['Transpose k2 -> k', { perm: [0, 2, 3, 1] }],
        'MatMul x wv -> v0',
        'Add v0 bv -> v1',
        'Reshape v1 heads -> v2',
        ['Transpose v2 -> v', { perm: [0, 2, 1, 3] }],
        'MatMul q k -> s',
        'Div s root -> d',
        ['Softmax d -> p', { axis: -1 }],
        'MatMul p v -> o0',
        ['Transpose o0 -> o1', { perm: [0, 2, 1, 3] }],
        'Reshape o1 joined -> o2',
        'MatMul o2 wo -> o3',
        'Add o3 bo -> o4',
        'Add x o4 -> z',
      ],
    },
  },
  {
    name: 'the same convolution twice',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w: square },
      nodes: [conv('x w -> a'), 'Relu a -> ra', conv('x w -> b'), 'Relu b -> rb', 'Add ra rb -> z'],
    },
  },
  {
    name: 'one weight for two inputs',
    model: {
      inputs: { x: [1, 32, 8, 8], y: [1, 32, 8, 8] },
      outputs: 'z',
      weights: { w: square },
      nodes: [conv('x w -> p'), conv('y w -> q'), 'Sub p q -> s', 'Abs s -> z'],
    },
  },
  {
    name: 'padding, scaling and shifting that convolutions take in',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w: wide, w2: square, s: [32, 1, 1], t: [32, 1, 1] },
      integers: { pads: [0, 0, 1, 1, 0, 0, 1, 1] },
      nodes: [
        'Pad x pads -> p',
        ['Conv p w -> c', { kernel_shape: [3, 3] }],
        'Mul c s -> m',
        'Add m t -> a',
        'Relu a -> r',
        'Dropout r -> d',
        'Identity d -> i',
        conv('i w2 -> z'),
      ],
    },
    fates: 'fused executed fused fused fused removed removed executed',
  },
  {
    name: 'an output in the middle, read on',
    model: {
      inputs: x,
      outputs: 'r z',
      weights: { w: wide, w2: wide },
      nodes: [conv('x w -> c', 3), 'Relu c -> r', conv('r w2 -> d', 3), 'Sigmoid r -> s', 'Mul d s -> z'],
    },
  },
  {
    name: 'pools, resizing and two convolutions added',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w1: square, w2: square, w3: square },
      floats: { scales: [1, 1, 2, 2] },
      nodes: [
        conv('x w1 -> p'),
        conv('x w2 -> q'),
        'Add p q -> s',
        'Relu s -> r',
        ['MaxPool r -> mp', { kernel_shape: [2, 2], strides: [2, 2] }],
        ['AveragePool r -> ap', { kernel_shape: [2, 2], strides: [2, 2] }],
        'Add mp ap -> h',
        [
          'Resize h _ scales -> u',
          { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
        ],
        conv('u w3 -> z'),
      ],
    },
  },
  {
    name: 'a transposed convolution',
    model: {
      inputs: x,
      outputs: 'z',
      weights: { w: [32, 16, 2, 2], g: [16], b: [16], m: [16], v: [16] },
      nodes: [
        ['ConvTranspose x w -> c', { kernel_shape: [2, 2], strides: [2, 2] }],
        'BatchNormalization c g b m v -> n',
        'Relu n -> z',
      ],
    },
  },
  {
    name: 'a classifier',
    model: {
      inputs: { x: [2, 32] },
      outputs: 'z',
      weights: { w: [32, 64], b: [64], w2: [64, 8], b2: [8] },
      nodes: ['Gemm x w b -> g', 'Relu g -> r', 'Gemm r w2 b2 -> h', 'Softmax h -> z'],
    },
    fates: 'executed fused executed executed',
  },
  {
    name: 'functions without kernels of their own',
    model: {
      inputs: x,
      outputs: 'z',
      opset: 21,
      irVersion: 10,
      weights: { w: wide, w2: square, g: [32], b: [32] },
      nodes: [
        conv('x w -> c', 3),
        ['GroupNormalization c g b -> n', { num_groups: 4 }],
        'Mish n -> y',
        conv('y w2 -> z'),
      ],
    },
  },
]
