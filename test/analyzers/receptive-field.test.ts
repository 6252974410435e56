import { describe, expect, it, test } from 'vitest'
import { receptiveFields } from '../../src/analyzers/receptive-field.js'
import { architectures } from '../../src/models/index.js'
import { build } from '../../src/models/spec.js'
import { noBinding } from '../../src/onnx/bind.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type { AxisReceptiveField, Graph, Model, ModelNode, ReceptiveFields } from '../../src/types.js'
import { type Chain, chainGraph } from './chain.js'
import { graph, node } from './graph.js'

const fieldsOf = async (model: Model): Promise<ReceptiveFields> => {
  const fields = receptiveFields(await inferShapes(model, noBinding))
  if (fields === null) throw new Error('no image')
  return fields
}

const widestOf = async (model: Model): Promise<AxisReceptiveField> => {
  const [height, width] = (await fieldsOf(model)).widest?.axes ?? []
  expect(height).toEqual(width)
  return height as AxisReceptiveField
}

// github.com/google-research/receptive_field, README: receptive field, effective stride and effective padding of the
// models in TF-Slim at 224 x 224 (Inception V3 at 299 x 299), as in Araujo, Norris and Sim, Distill 2019
describe('of the networks in the Distill article, the size and stride are those published', () => {
  test.each([
    ['alexnet', 195, 32],
    ['vgg-16', 212, 32],
    ['se-bn-inception', 699, 32], // inception_v2; the gates see everything, which is told apart
    ['inception-v3', 1311, 32],
    ['mobilenet-v1', 315, 32],
    ['mobilenet-v1:width=0.75', 315, 32],
    ['resnet-50:version=1', 483, 32],
    ['resnet-101:version=1', 1027, 32],
    ['resnet-152:version=1', 1507, 32],
  ])('%s: %i, every %i', async (spec, size, stride) => {
    expect(await widestOf(build(spec))).toMatchObject({ size, stride })
  })

  // 483 less what the three first 3x3 convolutions of conv3 to conv5 lose, which now stand before the stride:
  // 2 (8 − 4) + 2 (16 − 8) + 2 (32 − 16) = 56
  test('with the stride in the 3x3, ResNet-50 sees 56 pixels less', async () => {
    expect(await widestOf(build('resnet-50'))).toMatchObject({ size: 427, stride: 32 })
  })
})

const edited = (spec: string, edit: (node: ModelNode) => ModelNode): Model => {
  const model = build(spec)
  return { ...model, nodes: model.nodes.map(edit) }
}

/** As TensorFlow pads. */
const padSame = (layer: ModelNode): ModelNode => {
  const { pads: _, ceil_mode: __, ...attributes } = layer.attributes
  return { ...layer, attributes: { ...attributes, auto_pad: { type: 'string', value: 'SAME_UPPER' } } }
}

const windows = ['Conv', 'MaxPool', 'AveragePool']

describe('the effective padding is that published, or differs by how the model pads', () => {
  test.each([
    ['vgg-16', -90],
    ['inception-v3', -618],
    // AlexNet v2 does not pad its first convolution, nor does Caffe's; torchvision's does, by 2
    ['alexnet:variant=caffe', -64],
    ['alexnet', -66],
    // ours pads by 1 before each of the strides 1, 2, 4, 8, 16, TF-Slim at even sizes only behind: 126 + 31
    ['mobilenet-v1', -157],
    // and before the stem's pooling of stride 2: 239 + 2
    ['resnet-50:version=1', -241],
    ['resnet-101:version=1', -513],
    ['resnet-152:version=1', -753],
    // as Caffe's pooling does not
    ['se-resnet-50', -239],
  ])('%s begins at %i', async (spec, offset) => {
    expect(await widestOf(build(spec))).toMatchObject({ offset })
  })

  test.each([
    ['mobilenet-v1', windows, 315, -126],
    ['se-bn-inception', windows, 699, -318],
    ['resnet-50:version=1', ['MaxPool'], 483, -239],
    ['resnet-101:version=1', ['MaxPool'], 1027, -511],
    ['resnet-152:version=1', ['MaxPool'], 1507, -751],
  ])('%s with SAME padding of %j: %i from %i', async (spec, ops, size, offset) => {
    const model = edited(spec, (layer) => (ops.includes(layer.op) ? padSame(layer) : layer))
    expect(await widestOf(model)).toMatchObject({ size, offset })
  })
})

describe("ShuffleNet V2's detection results turn on it (section 4.3)", () => {
  // stem 3 at stride 2, pooling + 2·2 = 7 at 4. A unit's 3x3 adds 2 strides: where it halves, of the stride before.
  // stage 2: 2·4 + 3·2·8 = 56; stage 3: 2·8 + 7·2·16 = 240; stage 4: 2·16 + 3·2·32 = 224. 7 + 56 + 240 + 224
  test('as it is, an output sees 527 pixels', async () => {
    expect(await widestOf(build('shufflenet-v2'))).toMatchObject({ size: 527, stride: 32, offset: -263, inside: 224 })
  })

  // each unit has one more 3x3 at the stride before it, so that all that the units add is doubled: 7 + 2·520
  test('with a 3x3 before each unit, 1047', async () => {
    const wide = build('shufflenet-v2:receptive-field=wide')
    expect(await widestOf(wide)).toMatchObject({ size: 1047, stride: 32, offset: -523 })
  })

  test('the size does not depend on the resolution, even where a map is one pixel', async () => {
    expect(await widestOf(build('shufflenet-v2:resolution=32'))).toMatchObject({ size: 527, stride: 32, inside: 32 })
  })
})

test.each(architectures)('every convolution of $name has a field on both axes', async ({ name }) => {
  const model = build(name)
  const { layers, spatialAxes } = await fieldsOf(model)
  expect(spatialAxes).toEqual([2, 3])
  const found = new Map(layers.map((layer) => [layer.name, layer.axes]))
  // the mask of a learned group convolution is made of constants
  const convolutions = model.nodes.filter(({ op }) => op === 'Conv')
  for (const { name: layer } of convolutions) {
    expect(found.get(layer), layer).toHaveLength(2)
    for (const { size, inside } of found.get(layer) ?? []) {
      expect(size, layer).toBeGreaterThan(0)
      expect(inside, layer).toBeGreaterThan(0)
    }
  }
})

test('a detector sees what its smallest map does, and a classifier everything', async () => {
  // the backbone's 315 every 32; four maps of stride 2, 3x3 each: 2 (32 + 64 + 128 + 256); a 3x3 on the last: 2 · 512
  const { outputs, widest } = await fieldsOf(build('ssdlite-mobilenet-v1'))
  expect(widest?.axes[0]).toMatchObject({ size: 315 + 960 + 1024, stride: 512 })
  expect(outputs.map(({ axes }) => axes[0])).toEqual([
    expect.objectContaining({ size: 2299, stride: null, global: false }),
    expect.objectContaining({ size: 2299, stride: null, global: false }),
  ])
  const classifier = await fieldsOf(build('mobilenet-v1'))
  // 7 positions 32 apart: 315 + 6·32
  expect(classifier.outputs[0]?.axes[0]).toEqual({ size: 507, stride: null, offset: -157, inside: 224, global: true })
})

/** Of the last node, by axis. */
async function lastOf(chain: Chain): Promise<readonly AxisReceptiveField[]> {
  const fields = receptiveFields(await chainGraph(chain))
  return fields?.outputs[0]?.axes ?? []
}

const convolution = { ones: { w: [2, 2, 3, 3] } } as const

describe('paths that do not keep positions apart, by hand', () => {
  const local = { size: 3, stride: 1, offset: -1 }

  it('a gate makes the field global, and leaves the size to the other path', async () => {
    const [axis] = await lastOf({
      x: [1, 2, 20, 20],
      nodes: [
        ['Conv x w -> a', { pads: [1, 1, 1, 1] }],
        ['GlobalAveragePool a -> g'],
        ['Sigmoid g -> s'],
        ['Mul a s -> y'],
      ],
      ...convolution,
    })
    expect(axis).toEqual({ ...local, inside: 20, global: true })
  })

  it.each([
    ['a mean over positions', [['ReduceMean a -> y', { axes: [2, 3] }]]],
    ['all means', [['ReduceMean a -> y']]],
    ['a flattened map and a fully connected layer', [['Flatten a -> f'], ['Gemm f v -> y']]],
    ['a flattened map and a product', [['Reshape a flat -> f'], ['MatMul f v -> y']]],
  ] as const)('%s sees all', async (_, nodes) => {
    const [axis] = await lastOf({
      x: [1, 2, 20, 20],
      nodes: [['Conv x w -> a', { pads: [1, 1, 1, 1] }], ...nodes],
      ones: { ...convolution.ones, v: [800, 3] },
      integers: { flat: [1, 800] },
    })
    // from 1 before the image to 1 behind it
    expect(axis).toEqual({ size: 22, stride: null, offset: -1, inside: 20, global: true })
  })

  it('a mean over one axis leaves the other', async () => {
    const [height, width] = await lastOf({
      x: [1, 2, 20, 20],
      nodes: [
        ['Conv x w -> a', { pads: [1, 1, 1, 1] }],
        ['ReduceMean a -> y', { axes: [2], keepdims: 0 }],
      ],
      ...convolution,
    })
    expect(height).toMatchObject({ size: 22, global: true })
    expect(width).toEqual({ ...local, inside: 3, global: false })
  })

  it.each([
    ['InstanceNormalization a c c -> y', {}, true],
    ['LRN a -> y', { size: 3 }, false],
    ['Softmax a -> y', { axis: 1 }, false],
    ['Softmax a -> y', { axis: 2 }, true],
    ['BatchNormalization a c c c c -> y', {}, false],
  ] as const)('%s %j: over positions is %s', async (line, attributes, global) => {
    const [axis] = await lastOf({
      x: [1, 2, 20, 20],
      nodes: [
        ['Conv x w -> a', { pads: [1, 1, 1, 1] }],
        [line, attributes],
      ],
      ones: { ...convolution.ones, c: [2] },
    })
    expect(axis).toEqual({ ...local, inside: global ? 20 : 3, global })
  })

  it('attention between positions sees all', async () => {
    const fields = receptiveFields(
      await chainGraph({
        x: [1, 4, 8, 8],
        nodes: [
          ['Conv x w -> a', { strides: [2, 2] }],
          ['Reshape a tokens -> t'],
          ['Transpose t -> q', { perm: [0, 2, 1] }],
          ['MatMul q t -> scores'],
          ['Softmax scores -> p', { axis: -1 }],
          ['MatMul p q -> y'],
        ],
        ones: { w: [4, 4, 2, 2] },
        integers: { tokens: [1, 4, 16] },
      }),
    )
    expect(fields?.outputs[0]?.axes[0]).toMatchObject({ inside: 8, global: true })
    // rows see the queries, columns the keys: no one size
    expect(fields?.layers.find(({ output }) => output === 'scores')?.axes[0]).toMatchObject({
      size: null,
      stride: null,
    })
  })
})

describe('layouts, by hand', () => {
  const seven = { size: 7, stride: 2, offset: -3, global: false }
  const stem = { pads: [3, 3, 3, 3], strides: [2, 2] }

  it('finds the space of an image whose channels are last', async () => {
    const fields = receptiveFields(
      await chainGraph({
        x: [1, 32, 24, 3],
        nodes: [
          ['Transpose x -> t', { perm: [0, 3, 1, 2] }],
          ['Conv t w -> a', stem],
          ['Transpose a -> y', { perm: [0, 2, 3, 1] }],
        ],
        ones: { w: [8, 3, 7, 7] },
      }),
    )
    expect(fields?.spatialAxes).toEqual([1, 2])
    expect(fields?.outputs[0]?.axes).toEqual([
      { ...seven, inside: 7 },
      { ...seven, inside: 7 },
    ])
  })

  it.each([
    [
      'a channel shuffle',
      [['Reshape a s1 -> b'], ['Transpose b -> c', { perm: [0, 2, 1, 3, 4] }], ['Reshape c s2 -> y']],
    ],
    [
      'one on flattened maps',
      [['Reshape a s3 -> b'], ['Transpose b -> c', { perm: [0, 2, 1, 3] }], ['Reshape c s2 -> y']],
    ],
    ['groups and all positions in one axis', [['Reshape a s4 -> b'], ['Relu b -> c'], ['Reshape c s2 -> y']]],
  ] as const)('%s keeps the field', async (_, nodes) => {
    const axes = await lastOf({
      x: [1, 3, 32, 24],
      nodes: [['Conv x w -> a', stem], ...nodes],
      ones: { w: [8, 3, 7, 7] },
      integers: { s1: [1, 2, 4, 16, 12], s2: [1, 8, 16, 12], s3: [1, 2, 4, 192], s4: [2, -1] },
    })
    expect(axes).toEqual([
      { ...seven, inside: 7 },
      { ...seven, inside: 7 },
    ])
  })

  // a pixel becomes 2 x 2: neighbours see the same or the next, 1 pixel apart on average
  it('unfolds a pixel, by DepthToSpace or by hand', async () => {
    const expected = [
      { ...seven, stride: 1, inside: 7 },
      { ...seven, stride: 1, inside: 7 },
    ]
    const chain = { x: [1, 3, 32, 24], ones: { w: [8, 3, 7, 7] } }
    expect(
      await lastOf({
        ...chain,
        nodes: [
          ['Conv x w -> a', stem],
          ['DepthToSpace a -> y', { blocksize: 2 }],
        ],
      }),
    ).toEqual(expected)
    const byHand = await lastOf({
      ...chain,
      nodes: [
        ['Conv x w -> a', stem],
        ['Reshape a split -> b'],
        ['Transpose b -> c', { perm: [0, 3, 4, 1, 5, 2] }],
        ['Reshape c joined -> y'],
      ],
      integers: { split: [1, 2, 2, 2, 16, 12], joined: [1, 2, 32, 24] },
    })
    expect(byHand).toEqual(expected)
  })

  it.each([
    [[1, 4, 40], [4, 4, 3], [[{ size: 3, stride: 2, offset: -1 }]]],
    [[1, 4, 10, 12, 14], [4, 4, 1, 3, 5], [[{ size: 1 }, { size: 3 }, { size: 5 }]]],
  ])('has as many axes as the image: %j', async (x, w, [expected]) => {
    const pads = w.slice(2).map((size) => (size - 1) / 2)
    const axes = await lastOf({
      x,
      nodes: [['Conv x w -> y', { pads: [...pads, ...pads], strides: pads.map(() => 2) }]],
      ones: { w },
    })
    expect(axes).toMatchObject(expected ?? [])
  })
})

describe('what is not known stays unknown', () => {
  const strided = { strides: [2, 2], pads: [1, 1, 1, 1] }

  it('where paths of unlike strides meet', async () => {
    const [axis] = await lastOf({
      x: [1, 2, 9, 9],
      // 9 → 5 by stride 2, and 9 → 5 by a 5 x 5 without padding
      nodes: [['Conv x w -> a', strided], ['Conv x v -> b'], ['Add a b -> y']],
      ones: { ...convolution.ones, v: [2, 2, 5, 5] },
    })
    expect(axis).toEqual({ size: null, stride: null, offset: null, inside: null, global: false })
  })

  it('behind an operator without a rule, and behind one whose setting is computed from the image', async () => {
    const topK = { integers: { k: [4] }, ...convolution }
    const chain: Chain = { x: [1, 2, 9, 9], nodes: [['Conv x w -> a', strided], ['TopK a k -> y i']], ...topK }
    expect((await lastOf(chain))[0]).toMatchObject({ size: null, inside: null })
    const [axis] = await lastOf({
      x: [1, 2, 8, 8],
      nodes: [['Conv x w -> a', strided], ['Conv x a -> y']],
      ones: { w: [2, 2, 3, 3] },
    })
    expect(axis).toMatchObject({ size: null, inside: null })
  })

  it('says nothing of what does not depend on the image', async () => {
    const fields = receptiveFields(
      await chainGraph({
        x: [1, 2, 8, 8],
        inputs: { scale: [1, 2, 1, 1] },
        nodes: [['Conv x w -> a', strided], ['Sqrt scale -> s'], ['Mul a s -> y']],
        ...convolution,
      }),
    )
    expect(fields?.input).toBe('x')
    expect(fields?.layers.map(({ output }) => output)).toEqual(['a', 'y'])
  })

  it('and there is none without an image', () => {
    const flat = graph({ inputs: { x: [1, 8] }, outputs: 'y', nodes: [node('Relu', 'x', 'y')], shapes: { y: [1, 8] } })
    expect(receptiveFields(flat)).toBeNull()
    const pixelwise = { x: [1, 3, 8, 8] }
    const plain = graph({
      inputs: pixelwise,
      outputs: 'y',
      nodes: [node('Relu', 'x', 'y')],
      shapes: { y: [1, 3, 8, 8] },
    })
    expect(receptiveFields(plain)).toBeNull()
  })
})

/** 3x3 convolutions one after another, with shortcuts around two. */
function deep(layers: number): Graph {
  const shape = [1, 8, 56, 56]
  const nodes: ModelNode[] = []
  for (let i = 0; i < layers; i += 3) {
    const conv = (from: string, to: string): ModelNode => ({
      ...node('Conv', `${from} w`, to),
      attributes: { pads: { type: 'ints', value: [1, 1, 1, 1] } },
    })
    nodes.push(conv(`t${i}`, `a${i}`), conv(`a${i}`, `b${i}`), node('Add', `t${i} b${i}`, `t${i + 3}`))
  }
  const shapes = Object.fromEntries(nodes.flatMap(({ outputs }) => outputs.map((name) => [name, shape])))
  return graph({ inputs: { t0: shape }, outputs: `t${layers}`, nodes, shapes, weights: { w: [8, 8, 3, 3] } })
}

/** Of several runs, in milliseconds. */
const best = (run: () => void): number =>
  Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now()
      run()
      return performance.now() - start
    }),
  )

test('the time grows with the layers, and 50,000 are soon done', () => {
  const large = deep(49_998)
  const small = deep(4998)
  const ms = best(() => receptiveFields(large))
  expect(ms).toBeLessThan(30 * best(() => receptiveFields(small)))
  // 0.4 s with the machine to itself
  expect(ms).toBeLessThan(3000)
  // 33,332 convolutions
  expect(receptiveFields(large)?.widest?.axes[0]).toMatchObject({ size: 1 + 2 * 33_332, stride: 1, inside: 56 })
}, 30_000)
