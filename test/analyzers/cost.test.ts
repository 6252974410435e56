import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { layerCosts } from '../../src/analyzers/cost.js'
import { movedBytes } from '../../src/analyzers/traffic.js'
import { graph, node } from './graph.js'

describe('what moves', () => {
  const x = { name: 'x', bytes: 100 }
  const index = { name: 'i', bytes: 8 }
  const y = { name: 'y', bytes: 40 }

  it('is each input once, however often it is used, and each output', () => {
    expect(movedBytes('all', [x, index, x], [y])).toEqual({ readBytes: 108, writeBytes: 40 })
  })

  it('is of a gathered input no more than the output has', () => {
    expect(movedBytes('gather', [x, index], [y])).toEqual({ readBytes: 48, writeBytes: 40 })
    expect(movedBytes('gather', [y, index], [x])).toEqual({ readBytes: 48, writeBytes: 100 })
  })

  it('is of the inputs only the first, where the others lend a type, and none, where it lends a shape', () => {
    expect(movedBytes('first', [x, index], [y])).toEqual({ readBytes: 100, writeBytes: 40 })
    expect(movedBytes('write', [x, index], [y])).toEqual({ readBytes: 0, writeBytes: 40 })
  })

  it.each(['view', 'none'] as const)('is nothing for %s', (traffic) => {
    expect(movedBytes(traffic, [x], [y])).toEqual({ readBytes: 0, writeBytes: 0 })
  })

  it('is not known where a size is not', () => {
    const unknown = { name: 'u', bytes: null }
    expect(movedBytes('all', [x, unknown], [y])).toEqual({ readBytes: null, writeBytes: null })
    expect(movedBytes('all', [x], [unknown])).toEqual({ readBytes: null, writeBytes: null })
  })
})

describe('a tensor of one value throughout', () => {
  it('is a weight of a layer, but no trained operand', () => {
    const filled = graph({
      inputs: { x: [1, 3, 4, 4], s: [1] },
      outputs: 'z',
      nodes: [
        node('ConstantOfShape', 's', 'w'),
        node('Conv', 'x w', 'y'),
        node('ConstantOfShape', 's', 'zeros'),
        node('Add', 'y zeros', 'z'),
      ],
      shapes: { w: [2, 3, 1, 1], y: [1, 2, 4, 4], zeros: [1, 2, 4, 4], z: [1, 2, 4, 4] },
    })
    expect(layerCosts(filled).map(({ params }) => params)).toEqual([0, 6, 0, 0])
  })
})

describe('a constant that packs weights', () => {
  it('counts as the weights it stands for, in the bytes it is stored in', () => {
    // 10 · 64 weights of 4 bits in 10 · 2 · 16 elements; the scales are settings
    const packed = graph({
      inputs: { a: [7, 64] },
      outputs: 'y',
      nodes: [{ ...node('MatMulNBits', 'a b s', 'y'), domain: 'com.microsoft' }],
      shapes: { y: [7, 10] },
      weights: { b: [10, 2, 16], s: [10, 2] },
    })
    expect(layerCosts(packed)).toMatchObject([{ params: 640, paramBytes: 4 * 320, macs: 4_480 }])
  })
})

describe('an operator whose rule cannot tell', () => {
  it('is uncounted', () => {
    const activation = { type: 'string', value: 'Sinc' } as const
    const unknown = graph({
      inputs: { x: [1, 3, 4, 4] },
      outputs: 'y',
      nodes: [{ ...node('FusedConv', 'x w', 'y'), domain: 'com.microsoft', attributes: { activation } }],
      shapes: { y: [1, 2, 4, 4] },
      weights: { w: [2, 3, 1, 1] },
    })
    expect(layerCosts(unknown)).toMatchObject([{ status: 'uncounted', macs: null, flops: null, params: 6 }])
  })
})

describe('an operator without a rule', () => {
  it('has no figures, neither for the layer nor for the operator', () => {
    const unknown = graph({ inputs: { x: [4] }, outputs: 'y', nodes: [node('Odd', 'x', 'y')], shapes: { y: [4] } })
    const { layers, byOp, coverage } = analyze(unknown)
    expect(layers[0]).toMatchObject({ status: 'uncounted', macs: null, flops: null })
    expect(byOp[0]).toMatchObject({ op: 'Odd', macs: null, flops: null })
    expect(coverage).toMatchObject({ uncounted: 1, uncountedOps: ['Odd'] })
  })
})
