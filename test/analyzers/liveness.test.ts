import { describe, expect, it, test } from 'vitest'
import { peakActivationBytes, peakActivations } from '../../src/analyzers/liveness.js'
import { architectures } from '../../src/models/index.js'
import { build } from '../../src/models/spec.js'
import { noBinding } from '../../src/onnx/bind.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import { graph, node } from './graph.js'

// every element is four bytes
describe('the peak of activations alive at once, by hand', () => {
  it('of a chain is its input, its output and the two tensors around the largest node', () => {
    const chain = graph({
      inputs: { x: [10] },
      outputs: 'd',
      nodes: [node('Relu', 'x', 'a'), node('Relu', 'a', 'b'), node('Relu', 'b', 'c'), node('Relu', 'c', 'd')],
      shapes: { a: [100], b: [200], c: [50], d: [5] },
    })
    // at the second node: x 10 (the caller's), a 100, b 200
    expect(peakActivationBytes(chain)).toBe(4 * (10 + 100 + 200))
  })

  it('counts an output from when it is made to the end of the run', () => {
    const early = graph({
      inputs: { x: [1] },
      outputs: 'a d',
      nodes: [node('Relu', 'x', 'a'), node('Relu', 'a', 'b'), node('Relu', 'b', 'c'), node('Relu', 'c', 'd')],
      shapes: { a: [100], b: [30], c: [40], d: [50] },
    })
    // at the last node: x 1, a 100 (an output), c 40, d 50
    expect(peakActivationBytes(early)).toBe(4 * (1 + 100 + 40 + 50))
  })

  it('keeps the input through the run, though its last reader is long gone', () => {
    const shrinking = graph({
      inputs: { x: [1000] },
      outputs: 'c',
      nodes: [node('Relu', 'x', 'a'), node('Relu', 'a', 'b'), node('Relu', 'b', 'c')],
      shapes: { a: [1], b: [70], c: [60] },
    })
    expect(peakActivationBytes(shrinking)).toBe(4 * (1000 + 70 + 60))
  })

  it('does not keep a tensor alive for its shape', () => {
    const measured = graph({
      inputs: { x: [1] },
      outputs: 'd e',
      nodes: [
        node('Relu', 'x', 'a'),
        node('Shape', 'a', 's'),
        node('Relu', 'a', 'b'),
        node('Relu', 'b', 'd'),
        node('Relu', 's', 'e'),
      ],
      shapes: { a: [100], s: [1], b: [100], d: [100], e: [1] },
    })
    // at the last but one: x 1, s 1, b 100, d 100; a is gone
    expect(peakActivationBytes(measured)).toBe(4 * (1 + 1 + 100 + 100))
  })

  it('keeps a shortcut until the addition', () => {
    const residual = graph({
      inputs: { x: [1] },
      outputs: 'd',
      nodes: [
        node('Relu', 'x', 's'),
        node('Relu', 's', 'a'),
        node('Relu', 'a', 'b'),
        node('Add', 'b s', 'c'),
        node('Relu', 'c', 'd'),
      ],
      shapes: { s: [100], a: [300], b: [100], c: [100], d: [1] },
    })
    // at the third node: x 1, s 100, a 300, b 100; at the addition only 1 + 100 + 100 + 100
    expect(peakActivationBytes(residual)).toBe(4 * (1 + 100 + 300 + 100))
  })

  it('frees a branch when its reader is done', () => {
    const branches = graph({
      inputs: { x: [1] },
      outputs: 'c',
      nodes: [
        node('Relu', 'x', 'a'),
        node('Relu', 'a', 'a2'),
        node('Relu', 'x', 'b'),
        node('Relu', 'b', 'b2'),
        node('Concat', 'a2 b2', 'c'),
      ],
      shapes: { a: [500], a2: [10], b: [400], b2: [10], c: [20] },
    })
    // a (500) is gone when b (400) is made: the peak is the first branch's, x 1 + 500 + 10
    expect(peakActivationBytes(branches)).toBe(4 * 511)
  })

  it('gives a view no memory of its own, and keeps what it looks at', () => {
    const viewed = graph({
      inputs: { x: [1] },
      outputs: 'd',
      nodes: [
        node('Relu', 'x', 'a'),
        node('Reshape', 'a shape', 'v'),
        node('Flatten', 'v', 'w'),
        node('Relu', 'x', 'b'),
        node('Add', 'w b', 'd'),
      ],
      shapes: { a: [100], v: [10, 10], w: [1, 100], b: [100], d: [100] },
      weights: { shape: [2] },
    })
    // at the addition: x 1, a 100 (looked at by w), b 100, d 100
    expect(peakActivationBytes(viewed)).toBe(4 * 301)
  })

  it('lets a view of the input, or as the output, live with its memory', () => {
    const ends = graph({
      inputs: { x: [10, 10] },
      outputs: 'v',
      nodes: [node('Flatten', 'x', 'f'), node('Relu', 'f', 'a'), node('Flatten', 'a', 'v')],
      shapes: { f: [1, 100], a: [1, 100], v: [1, 100] },
    })
    expect(peakActivationBytes(ends)).toBe(4 * 200)
  })

  it('counts an output that nobody reads for the length of its node', () => {
    const unused = graph({
      inputs: { x: [1] },
      outputs: 'c',
      nodes: [node('Split', 'x', 'a b'), node('Relu', 'a', 'c')],
      shapes: { a: [5], b: [100], c: [200] },
    })
    // at the split: x 1, a 5, b 100; at the end: x 1, a 5, c 200
    expect(peakActivationBytes(unused)).toBe(4 * 206)
    const large = graph({
      inputs: { x: [1] },
      outputs: 'c',
      nodes: [node('Split', 'x', 'a b'), node('Relu', 'a', 'c')],
      shapes: { a: [5], b: [1000], c: [200] },
    })
    expect(peakActivationBytes(large)).toBe(4 * 1006)
  })

  it('does not count weights, nor constants of nodes', () => {
    const weighted = graph({
      inputs: { x: [10] },
      outputs: 'y',
      nodes: [node('Constant', '', 'k'), node('Gemm', 'x w', 'a'), node('Mul', 'a k', 'y')],
      shapes: { k: [1000], a: [10], y: [10] },
      weights: { w: [10_000] },
    })
    expect(peakActivationBytes(weighted)).toBe(4 * 30)
  })

  it('skips inputs and outputs that are left out', () => {
    const optional = graph({
      inputs: { x: [10] },
      outputs: 'y',
      nodes: [{ ...node('Resize', 'x', 'y'), inputs: ['x', '', ''], outputs: ['y', ''] }],
      shapes: { y: [40] },
    })
    expect(peakActivationBytes(optional)).toBe(4 * 50)
  })

  it('is not known where a size is not', () => {
    const open = graph({
      inputs: { x: [10] },
      outputs: 'y',
      nodes: [node('NonZero', 'x', 'a'), node('Relu', 'x', 'y')],
      shapes: { y: [10] },
    })
    expect(peakActivationBytes(open)).toBeNull()
  })
})

describe('the peak itself', () => {
  const named = (name: string, ...parts: Parameters<typeof node>) => ({ ...node(...parts), name })

  it('is at the layer that needs most, with what is alive then, largest first', () => {
    const residual = graph({
      inputs: { x: [1] },
      outputs: 'd',
      nodes: [
        named('stem', 'Relu', 'x', 's'),
        named('wide', 'Relu', 's', 'a'),
        named('narrow', 'Relu', 'a', 'b'),
        named('sum', 'Add', 'b s', 'c'),
        named('head', 'Relu', 'c', 'd'),
      ],
      shapes: { s: [100], a: [300], b: [110], c: [100], d: [1] },
    })
    expect(peakActivations(residual)).toEqual({
      bytes: 4 * 511,
      layer: 'narrow',
      tensors: [
        { name: 'a', shape: [300], elementType: 'float32', bytes: 1200, layer: 'wide' },
        { name: 'b', shape: [110], elementType: 'float32', bytes: 440, layer: 'narrow' },
        { name: 's', shape: [100], elementType: 'float32', bytes: 400, layer: 'stem' },
        { name: 'x', shape: [1], elementType: 'float32', bytes: 4, layer: null },
      ],
    })
  })

  it('is the first of two alike', () => {
    const even = graph({
      inputs: { x: [1] },
      outputs: 'c',
      nodes: [node('Relu', 'x', 'a'), node('Relu', 'a', 'b'), node('Relu', 'b', 'c')],
      shapes: { a: [10], b: [10], c: [10] },
    })
    expect(peakActivations(even)).toMatchObject({ bytes: 84, layer: 'b' })
  })

  it('is at no layer where the inputs are all there is', () => {
    const empty = graph({ inputs: { x: [10], y: [20] }, outputs: 'x', nodes: [], shapes: {} })
    expect(peakActivations(empty)).toMatchObject({ bytes: 120, layer: null, tensors: [{ name: 'y' }, { name: 'x' }] })
  })

  it('is not known where a size is not', () => {
    const open = graph({ inputs: { x: [10] }, outputs: 'y', nodes: [node('NonZero', 'x', 'y')], shapes: {} })
    expect(peakActivations(open)).toBeNull()
  })

  test.each(architectures)('of $name is the sum of what is alive', async ({ name }) => {
    const found = peakActivations(await inferShapes(build(name), noBinding))
    expect(found?.tensors.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(found?.bytes)
  })

  it('of 50,000 layers that all stay alive is found well below a second', () => {
    const count = 50_000
    const nodes = Array.from({ length: count }, (_, i) => node('Relu', 'x', `t${i}`))
    const outputs = nodes.map((_, i) => `t${i}`)
    const shapes = Object.fromEntries(outputs.map((output) => [output, [2]]))
    const growing = graph({ inputs: { x: [1] }, outputs: outputs.join(' '), nodes, shapes })
    const times = [1, 2, 3].map(() => {
      const start = performance.now()
      peakActivations(growing)
      return performance.now() - start
    })
    expect(Math.min(...times)).toBeLessThan(1000)
    expect(peakActivations(growing)).toMatchObject({ bytes: 4 + 8 * count, layer: `t${count - 1}` })
  })
})
