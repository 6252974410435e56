import { describe, expect, it } from 'vitest'
import { micro } from '../../models/run.js'
import { contextOf, executedOf, findings, findingsIn, kernelOf } from './context.js'

describe('unequal-channel-width', () => {
  const pointwise = (from: number, to: number, size = 56) =>
    micro(from, size, (net, x) => net.conv(x, { out: to, kernel: 1 }))

  it('finds the 1:6 and 1:12 of ShuffleNet V2, Table 1', async () => {
    // its widths at 56 x 56: (c1 + c2) hw + c1 c2 over 2 hw √(c1 c2) + c1 c2
    for (const [from, to] of [
      [52, 312],
      [36, 432],
    ] as const) {
      const hw = 56 * 56
      const excess = (hw * (from + to) + from * to) / (2 * hw * Math.sqrt(from * to) + from * to) - 1
      const [finding, ...others] = await findings(pointwise(from, to), 'unequal-channel-width')
      expect(others).toEqual([])
      expect(finding).toMatchObject({ level: 'info', nodes: ['conv'], macs: hw * from * to, params: from * to })
      expect(finding?.message).toContain(`${Math.round(100 * excess)} % more`)
    }
  })

  it.each([
    ['1:1', 128, 128],
    ['1:2', 90, 180],
    ['the bottleneck of ResNet, 4:1', 256, 64],
  ])('finds nothing in %s', async (_, from, to) => {
    expect(await findings(pointwise(from, to), 'unequal-channel-width')).toEqual([])
  })

  it('finds nothing where weights are most of what moves', async () => {
    expect(await findings(pointwise(64, 1024, 1), 'unequal-channel-width')).toEqual([])
  })

  it('finds nothing in larger kernels', async () => {
    const model = micro(3, 56, (net, x) => net.conv(x, { out: 64, kernel: 3 }))
    expect(await findings(model, 'unequal-channel-width')).toEqual([])
  })
})

describe('group-convolution', () => {
  const grouped = (groups: number, size = 28, kernel = 1) =>
    micro(64, size, (net, x) => net.conv(x, { out: 64, kernel, groups }))

  it('tells how much more access √g times the width is', async () => {
    const [finding] = await findings(grouped(4), 'group-convolution')
    const hw = 28 * 28
    const weights = (64 * 64) / 4
    const excess = (2 * hw * 64 + weights) / (2 * hw * 32 + weights) - 1
    expect(finding).toMatchObject({ level: 'warning', nodes: ['conv'], params: weights })
    expect(finding?.message).toContain(`${Math.round(100 * excess)} % more`)
  })

  it('finds larger kernels, as those of ResNeXt', async () => {
    expect(await findings(grouped(32, 28, 3), 'group-convolution')).toHaveLength(1)
  })

  it('finds nothing in dense and in depthwise convolutions', async () => {
    expect(await findings(grouped(1), 'group-convolution')).toEqual([])
    expect(await findings(grouped(64, 28, 3), 'group-convolution')).toEqual([])
  })

  it('finds nothing where weights are most of what moves', async () => {
    expect(await findings(grouped(2, 1), 'group-convolution')).toEqual([])
  })
})

describe('unshuffled-group-convolutions', () => {
  const unit = (shuffled: boolean, [first, second]: readonly [number, number] = [4, 4]) =>
    micro(48, 14, (net, x) => {
      const narrow = net.scope('a', () => net.relu(net.batchNorm(net.conv(x, { out: 24, kernel: 1, groups: first }))))
      const mixed = shuffled ? net.channelShuffle(narrow, first) : narrow
      const spatial = net.scope('b', () => net.batchNorm(net.depthwise(mixed, { kernel: 3 })))
      return net.scope('c', () => net.add(x, net.conv(spatial, { out: 48, kernel: 1, groups: second })))
    })

  it('finds the unit of ShuffleNet without its shuffle', async () => {
    const [finding, ...others] = await findings(unit(false), 'unshuffled-group-convolutions')
    expect(others).toEqual([])
    expect(finding).toMatchObject({ level: 'error', nodes: ['c/conv', 'a/conv'] })
    expect(finding?.message).toContain('one of 4 parts')
  })

  it('finds groups of another number that still never meet', async () => {
    const [finding] = await findings(unit(false, [6, 4]), 'unshuffled-group-convolutions')
    expect(finding?.message).toContain('one of 2 parts')
  })

  it('finds nothing with the shuffle, or where one of them is dense or of coprime groups', async () => {
    expect(await findings(unit(true), 'unshuffled-group-convolutions')).toEqual([])
    expect(await findings(unit(false, [4, 1]), 'unshuffled-group-convolutions')).toEqual([])
    expect(await findings(unit(false, [3, 4]), 'unshuffled-group-convolutions')).toEqual([])
  })

  it('finds nothing across a shortcut, where ShuffleNet does not shuffle', async () => {
    const model = micro(48, 14, (net, x) => {
      const sum = net.scope('a', () => net.relu(net.add(x, net.conv(x, { out: 48, kernel: 1, groups: 4 }))))
      return net.scope('b', () => net.conv(sum, { out: 48, kernel: 1, groups: 4 }))
    })
    expect(await findings(model, 'unshuffled-group-convolutions')).toEqual([])
  })
})

describe('unaligned-channels', () => {
  const conv = (channels: number, groups = 1) =>
    micro(channels, 14, (net, x) => net.conv(x, { out: channels, kernel: 1, groups }))
  const float32 = (...dims: number[]) => ({ elementType: 'float32', dims })

  /** As onnxruntime runs it in blocks of 16: channels in whole blocks. */
  const blocked = (padded: number) =>
    executedOf([
      kernelOf('Conv', [0], {
        kernel: {
          domain: 'com.microsoft.nchwc',
          inputs: ['x', 'w'],
          inputTypes: [float32(1, padded, 14, 14), float32(padded, padded, 1, 1)],
          outputTypes: [float32(1, padded, 14, 14)],
          attributes: { group: 1, kernel_shape: [1, 1] },
        },
      }),
    ])

  it('finds 24 channels in blocks of 16, which cost 32', async () => {
    const [finding] = findingsIn(await contextOf(conv(24), blocked(32)), 'unaligned-channels')
    expect(finding).toMatchObject({ level: 'info', nodes: ['conv'], ms: 1, share: 0.1, basis: 'measured' })
    // 32² / 24² = 1.78
    expect(finding?.message).toContain('78 % more MACs')
  })

  it('finds nothing in whole blocks', async () => {
    expect(findingsIn(await contextOf(conv(32), blocked(32)), 'unaligned-channels')).toEqual([])
  })

  it('says why a convolution is not in blocks at all', async () => {
    const plain = executedOf([kernelOf('Conv', [0])])
    const [odd] = findingsIn(await contextOf(conv(18), plain), 'unaligned-channels')
    expect(odd?.message).toContain('18 channels are not a multiple of 4')
    const [grouped] = findingsIn(await contextOf(conv(48, 4), plain), 'unaligned-channels')
    expect(grouped?.message).toContain('12 channels in and 12 out of each of 4 groups are not multiples of 16')
  })
})
