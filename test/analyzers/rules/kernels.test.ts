import { describe, expect, it } from 'vitest'
import type { Network, Value } from '../../../src/models/builder.js'
import { micro } from '../../models/run.js'
import { contextOf, executedOf, findingsIn, kernelOf } from './context.js'

const bn = (net: Network, x: Value) => net.batchNorm(x)

/** Place of the first node of an operator. */
const placeOf = (nodes: readonly { op: string }[], op: string) => nodes.findIndex((node) => node.op === op)

describe('elementwise-share', () => {
  const model = micro(16, 14, (net, x) => net.relu(net.conv(x, { out: 16, kernel: 3 })))
  const taking = async (ms: number) => {
    const relu = kernelOf('Relu', [1], { class: 'elementwise', ms })
    return findingsIn(await contextOf(model, executedOf([kernelOf('Conv', [0]), relu])), 'elementwise-share')
  }

  it('finds more than a tenth of the time', async () => {
    const [finding] = await taking(2)
    expect(finding).toMatchObject({ level: 'warning', nodes: ['relu'], ms: 2, share: 0.2 })
    expect(finding?.message).toBe('1 elementwise kernels take 20 % of the time: Relu 2.00 ms')
    expect(await taking(1)).toEqual([])
  })
})

describe('unfused-normalization', () => {
  /** With a kernel for the model's BatchNormalization. */
  const found = async (write: (net: Network, x: Value) => Value) => {
    const model = micro(16, 14, write)
    const place = placeOf(model.nodes, 'BatchNormalization')
    const executed = executedOf([kernelOf('BatchNormalization', [place])])
    return findingsIn(await contextOf(model, executed), 'unfused-normalization')
  }

  it.each<[string, (net: Network, x: Value) => Value, RegExp, boolean]>([
    ['an input', bn, /it follows an input/, false],
    ['another operator', (net, x) => bn(net, net.add(x, x)), /it follows Add, not a convolution/, false],
    [
      'a convolution with two readers',
      (net, x) => {
        const y = net.conv(x, { out: 16, kernel: 3 })
        return net.add(y, net.relu(bn(net, y)))
      },
      /other layers read the output of the Conv before it too/,
      false,
    ],
    [
      'nothing but a convolution without padding behind it',
      (net, x) => net.conv(bn(net, net.add(x, x)), { out: 8, kernel: 1 }),
      /it follows Add, and comes before a convolution/,
      true,
    ],
    [
      'a convolution behind it that adds zeros',
      (net, x) => net.conv(bn(net, net.add(x, x)), { out: 8, kernel: 3 }),
      /it follows Add, not a convolution/,
      false,
    ],
  ])('says why: %s', async (_, write, reason, fixable) => {
    const [finding, ...others] = await found(write)
    expect(others).toEqual([])
    expect(finding?.message).toMatch(reason)
    expect(finding).toMatchObject({ level: 'warning', nodes: ['bn'], ms: 1, share: 0.1, fixable })
  })

  it('finds nothing where no kernel normalizes', async () => {
    const model = micro(16, 14, (net, x) => bn(net, net.conv(x, { out: 16, kernel: 3 })))
    const fused = executedOf([kernelOf('Conv', [0, 1])])
    expect(findingsIn(await contextOf(model, fused), 'unfused-normalization')).toEqual([])
  })
})

describe('redundant-layout-change', () => {
  const model = micro(16, 14, (net, x) =>
    net.scope('b', () => {
      const shuffled = net.channelShuffle(
        net.scope('a', () => net.conv(x, { out: 16, kernel: 1 })),
        4,
      )
      return net.conv(shuffled, { out: 16, kernel: 3 })
    }),
  )
  const blocked = { domain: 'com.microsoft.nchwc' }
  const reorder = (op: string, input: string, output: string) =>
    kernelOf(op, [], { inserted: true, class: 'layout', kernel: { ...blocked, inputs: [input], outputs: [output] } })

  it('finds a change back and forth around an operator', async () => {
    const transpose = placeOf(model.nodes, 'Transpose')
    const kernels = [
      kernelOf('Conv', [0], { kernel: { ...blocked, outputs: ['a'] } }),
      reorder('ReorderOutput', 'a', 'b'),
      kernelOf('Transpose', [transpose], { kernel: { inputs: ['b'], outputs: ['c'] } }),
      reorder('ReorderInput', 'c', 'd'),
      kernelOf('Conv', [model.nodes.length - 1], { kernel: { ...blocked, inputs: ['d'], outputs: ['e'] } }),
      reorder('ReorderOutput', 'e', 'f'),
    ]
    const [finding, ...others] = findingsIn(await contextOf(model, executedOf(kernels)), 'redundant-layout-change')
    expect(others).toEqual([])
    expect(finding).toMatchObject({ level: 'warning', nodes: ['b/shuffle.dealt'], ms: 2, share: 0.2 })
  })

  it('finds nothing in changes at the ends', async () => {
    const kernels = [
      reorder('ReorderInput', 'x', 'a'),
      kernelOf('Conv', [0], { kernel: { ...blocked, inputs: ['a'], outputs: ['b'] } }),
      reorder('ReorderOutput', 'b', 'y'),
    ]
    expect(findingsIn(await contextOf(model, executedOf(kernels)), 'redundant-layout-change')).toEqual([])
  })
})

describe('provider-fallback', () => {
  const model = micro(16, 14, (net, x) => net.relu(net.conv(x, { out: 16, kernel: 3 })))
  const output = (elementType: string) => ({ outputTypes: [{ elementType, dims: [1, 16, 14, 14] }] })

  it('finds kernels of data that another provider ran', async () => {
    const kernels = [
      kernelOf('Conv', [0], { kernel: { ...output('float32'), provider: 'WebGpuExecutionProvider' } }),
      kernelOf('Relu', [1], { kernel: output('float32') }),
      kernelOf('Shape', [], { kernel: output('int64') }),
    ]
    const context = await contextOf(model, executedOf(kernels, { provider: 'webgpu' }))
    const [finding, ...others] = findingsIn(context, 'provider-fallback')
    expect(others).toEqual([])
    expect(finding).toMatchObject({ nodes: ['relu'], message: 'Relu runs on CPUExecutionProvider, not on webgpu' })
  })
})
