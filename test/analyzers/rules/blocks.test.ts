import { describe, expect, it } from 'vitest'
import type { LintKernel } from '../../../src/analyzers/rules/rule.js'
import type { Network, Value } from '../../../src/models/builder.js'
import { build } from '../../../src/models/spec.js'
import { micro } from '../../models/run.js'
import { contextOf, executedOf, findings, findingsIn, kernelOf } from './context.js'

const conv = (net: Network, x: Value, name: string, kernel = 3) =>
  net.scope(name, () => net.conv(x, { out: 16, kernel }))

describe('fragmentation', () => {
  const parallel = (branches: number) =>
    micro(16, 14, (net, x) => {
      const [first, ...others] = Array.from({ length: branches }, (_, i) => conv(net, x, `branch${i}`))
      return net.concat([first as Value, ...others])
    })

  it('finds branches side by side, from three on', async () => {
    const [finding, ...others] = await findings(parallel(4), 'fragmentation')
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      level: 'warning',
      nodes: ['concat', ...[0, 1, 2, 3].map((i) => `branch${i}/conv`)],
    })
    expect(await findings(parallel(3), 'fragmentation')).toHaveLength(1)
    expect(await findings(parallel(2), 'fragmentation')).toEqual([])
  })

  it('finds nothing in layers one after another whose outputs are joined, as in DenseNet', async () => {
    const dense = micro(16, 14, (net, x) => {
      const [a] = [conv(net, x, 'a')]
      const b = net.scope('ab', () => conv(net, net.concat([x, a]), 'b'))
      const c = net.scope('abc', () => conv(net, net.concat([x, a, b]), 'c'))
      return net.concat([x, a, b, c])
    })
    expect(await findings(dense, 'fragmentation')).toEqual([])
  })

  it('counts only branches that work: a shortcut is none', async () => {
    const shortcut = micro(16, 14, (net, x) => net.concat([x, conv(net, x, 'a'), conv(net, x, 'b')]))
    expect(await findings(shortcut, 'fragmentation')).toEqual([])
  })

  it('finds each module of GoogLeNet, which has nine', async () => {
    expect(await findings(build('googlenet'), 'fragmentation')).toHaveLength(9)
  })

  it('finds nothing in the heads of a detector', async () => {
    expect(await findings(build('ssdlite-mobilenet-v2'), 'fragmentation')).toEqual([])
  })
})

describe('separate-shuffle', () => {
  const unit = (parts: { shuffled?: boolean; split?: boolean }) =>
    micro(16, 14, (net, x) => {
      const joined = net.concat([conv(net, x, 'a'), conv(net, x, 'b')])
      const dealt = parts.shuffled === false ? joined : net.channelShuffle(joined, 2)
      if (parts.split === false) return conv(net, dealt, 'c')
      const [left, right] = net.halves(dealt)
      return net.add(left, conv(net, right, 'c'))
    })

  it('finds Concat, shuffle and Split in a row', async () => {
    const [finding, ...others] = await findings(unit({}), 'separate-shuffle')
    expect(others).toEqual([])
    expect(finding?.nodes).toEqual(['shuffle.dealt', 'concat', 'shuffle.grouped', 'shuffle', 'split'])
  })

  it('finds nothing where one of the three is missing', async () => {
    expect(await findings(unit({ shuffled: false }), 'separate-shuffle')).toEqual([])
    expect(await findings(unit({ split: false }), 'separate-shuffle')).toEqual([])
  })
})

describe('nonlinear-bottleneck', () => {
  const inverted = (write: (net: Network, projected: Value) => Value, kernel: 'depthwise' | 'dense' = 'depthwise') =>
    micro(16, 14, (net, x) => {
      const wide = net.scope('expand', () => net.relu6(net.batchNorm(net.conv(x, { out: 96, kernel: 1 }))))
      const spatial = net.scope('spatial', () => {
        const y = kernel === 'depthwise' ? net.depthwise(wide, { kernel: 3 }) : net.conv(wide, { out: 96, kernel: 3 })
        return net.relu6(net.batchNorm(y))
      })
      return net.scope('project', () => write(net, net.batchNorm(net.conv(spatial, { out: 16, kernel: 1 }))))
    })

  it('finds an activation after the projection', async () => {
    const [finding, ...others] = await findings(
      inverted((net, y) => net.relu6(y)),
      'nonlinear-bottleneck',
    )
    expect(others).toEqual([])
    expect(finding).toMatchObject({ level: 'warning', nodes: ['project/relu6'], macs: 0, params: 0 })
    expect(finding?.message).toContain('Clip follows the projection project/conv from 96 to 16 channels')
  })

  it('finds x · σ(x) too, and one behind a gate', async () => {
    const swish = inverted((net, y) => net.multiply(y, net.sigmoid(y)))
    expect(await findings(swish, 'nonlinear-bottleneck')).toHaveLength(1)
  })

  it('finds nothing where the projection is linear, or the block is no inverted residual', async () => {
    expect(
      await findings(
        inverted((_, y) => y),
        'nonlinear-bottleneck',
      ),
    ).toEqual([])
    const dense = inverted((net, y) => net.relu6(y), 'dense')
    expect(await findings(dense, 'nonlinear-bottleneck')).toEqual([])
  })
})

describe('activation-between-depthwise-and-pointwise', () => {
  const separable = (inner: boolean, outer: boolean) =>
    micro(16, 14, (net, x) => {
      const depthwise = net.scope('depthwise', () => net.batchNorm(net.depthwise(x, { kernel: 3 })))
      const between = inner ? net.scope('depthwise', () => net.relu(depthwise)) : depthwise
      const y = net.scope('pointwise', () => net.batchNorm(net.conv(between, { out: 32, kernel: 1 })))
      return outer ? net.scope('pointwise', () => net.relu(y)) : y
    })
  const rule = 'activation-between-depthwise-and-pointwise'

  it('finds an inner activation besides an outer one', async () => {
    const [finding, ...others] = await findings(separable(true, true), rule)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ level: 'info', nodes: ['depthwise/relu'], macs: 0 })
    expect(finding?.message).toContain(
      'between the depthwise convolution depthwise/conv and the pointwise pointwise/conv',
    )
  })

  it('finds nothing without it, or where it is the only one', async () => {
    expect(await findings(separable(false, true), rule)).toEqual([])
    expect(await findings(separable(true, false), rule)).toEqual([])
  })
})

describe('Squeeze-and-Excitation', () => {
  it('takes 5.6 % of SE-ResNet-50 in its last stage', async () => {
    const [finding, ...others] = await findings(build('se-resnet-50:bias=false'), 'late-squeeze-excitation')
    expect(others).toEqual([])
    // three blocks of 2048² · 2 / 16 weights
    expect(finding).toMatchObject({ level: 'info', params: (3 * 2 * 2048 ** 2) / 16 })
    expect(finding?.message).toContain('1,572,864 params, 5.6 % of all')
  })

  it('is no finding where the last stage has none, or where no other has any', async () => {
    for (const spec of ['se-resnet-50:stages=2-4', 'se-resnet-50:stages=5', 'resnet-50']) {
      expect(await findings(build(spec), 'late-squeeze-excitation'), spec).toEqual([])
    }
  })

  it('reduces too much from 17 on', async () => {
    expect(await findings(build('se-resnet-50:reduction=32'), 'large-reduction')).toHaveLength(16)
    expect(await findings(build('se-resnet-50:reduction=16'), 'large-reduction')).toEqual([])
  })
})

describe('small-receptive-field', () => {
  it('finds VGG-16, which sees 212 pixels of 224', async () => {
    const [finding, ...others] = await findings(build('vgg-16'), 'small-receptive-field')
    expect(others).toEqual([])
    expect(finding?.message).toBe('each position sees 212x212 pixels of 224x224')
  })

  it('finds nothing in ResNet-50, which sees 483, until the image is larger than that', async () => {
    expect(await findings(build('resnet-50'), 'small-receptive-field')).toEqual([])
    expect(await findings(build('resnet-50:resolution=512'), 'small-receptive-field')).toHaveLength(1)
  })
})

it('tells no time of an activation that is fused, and its own where it is not', async () => {
  const model = micro(16, 14, (net, x) => {
    const depthwise = net.scope('a', () => net.relu(net.depthwise(x, { kernel: 3 })))
    return net.scope('b', () => net.relu(net.conv(depthwise, { out: 32, kernel: 1 })))
  })
  const ms = async (...kernels: LintKernel[]) =>
    findingsIn(await contextOf(model, executedOf(kernels)), 'activation-between-depthwise-and-pointwise').map(
      (finding) => finding.ms,
    )
  expect(await ms(kernelOf('Conv', [0, 1]), kernelOf('Conv', [2, 3]))).toEqual([null])
  expect(await ms(kernelOf('Conv', [0]), kernelOf('Relu', [1], { ms: 2 }), kernelOf('Conv', [2, 3]))).toEqual([2])
})
