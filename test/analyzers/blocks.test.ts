import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../src/analyzers/blocks.js'
import type { KernelGap } from '../../src/types.js'

const kernel = (nodes: readonly string[], rest: Partial<KernelGap> = {}): KernelGap => ({
  name: 'kernel',
  op: 'Conv',
  provider: 'CPUExecutionProvider',
  class: 'dense-conv',
  nodes,
  inserted: nodes.length === 0,
  ms: 1,
  share: 0.1,
  macs: 10,
  flops: 20,
  executedFlops: 20,
  bytes: 0,
  flopsMs: 0.25,
  rooflineMs: 0.5,
  predictedMs: null,
  gap: 2,
  bound: 'compute',
  isValid: true,
  causes: [
    { cause: 'arithmetic', ms: 0.25 },
    { cause: 'unexplained', ms: 0.75 },
  ],
  ...rest,
})

const names = (...nodes: readonly string[]) => blocksOf(nodes.map((node) => kernel([node]))).map(({ name }) => name)

describe('the parts of a network', () => {
  it.each([
    ['block2/depthwise/conv', 'block2'],
    ['stem/conv', 'stem'],
    ['/layer1/layer1.0/conv1/Conv', 'layer1/layer1.0'],
    ['/features/Conv', 'features'],
    ['stage2/block0/branch/conv', 'stage2/block0'],
  ])('are told from the names of layers: %s is of %s', (layer, part) => {
    expect(names(layer)).toEqual([part])
  })

  it('are none where names have no parts', () => {
    expect(names('Conv_0', 'Relu_1', '')).toEqual([])
    expect(blocksOf([])).toEqual([])
  })

  it('stand in order of execution, once each', () => {
    expect(names('b/conv', 'a/conv', 'b/relu')).toEqual(['b', 'a'])
  })

  it('have the added kernels that follow them, and those without a part', () => {
    const blocks = blocksOf([kernel([]), kernel(['a/conv']), kernel([]), kernel(['flat']), kernel(['b/conv'])])
    expect(blocks.map(({ name, kernels }) => [name, kernels])).toEqual([
      ['a', 3],
      ['b', 1],
    ])
  })

  it('sum up their kernels', () => {
    const blocks = blocksOf([kernel(['a/conv']), kernel([], { macs: 0, causes: [{ cause: 'layout', ms: 1 }] })])
    expect(blocks).toEqual([
      {
        name: 'a',
        kernels: 2,
        ms: 2,
        share: 0.2,
        macs: 10,
        flopsMs: 0.5,
        rooflineMs: 1,
        causes: [
          { cause: 'arithmetic', ms: 0.25 },
          { cause: 'layout', ms: 1 },
          { cause: 'unexplained', ms: 0.75 },
        ],
      },
    ])
  })
})
