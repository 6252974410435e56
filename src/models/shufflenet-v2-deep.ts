import { type Architecture, architecture, type Variant } from './architecture.js'
import { integer } from './options.js'
import { head, stage } from './shufflenet-v2.js'
import type { UnitForm } from './shufflenet-v2-unit.js'

interface Depth {
  readonly name: string
  /** 3 x 3 convolutions before the max pool: output channels, stride. */
  readonly stem: readonly (readonly [c: number, s: number])[]
  /** Output channels and units of conv2_x to conv5_x. */
  readonly stages: readonly (readonly [c: number, n: number])[]
  readonly form: UnitForm
  readonly variants: readonly Variant[]
}

/** ShuffleNet V2, Ma et al., ECCV 2018 (arXiv 1807.11164), appendix, Table 2: the deep networks. */
const deep = ({ name, stem, stages, form, variants }: Depth): Architecture =>
  architecture({
    name,
    title: 'ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design',
    year: 2018,
    source: 'arXiv 1807.11164, appendix',
    options: {
      resolution: integer(224, 32, 2048),
      classes: integer(1000, 1, 100_000),
      batch: integer(1, 1, 1024),
    },
    build(net, { resolution, classes, batch }) {
      let x = net.input(batch, 3, resolution, resolution)
      stem.forEach(([out, stride], index) => {
        x = net.scope(`conv1_${index + 1}`, () => net.relu(net.batchNorm(net.conv(x, { out, kernel: 3, stride }))))
      })
      x = net.maxPool(x, { kernel: 3, stride: 2, padding: 1 })
      stages.forEach(([out, units], index) => {
        const stride = index === 0 ? 1 : 2
        x = net.scope(`conv${index + 2}`, () => stage(net, x, { units, out, stride, form }))
      })
      return head(net, x, { width: 2048, classes, bias: true })
    },
    variants,
  })

const paper = 'ShuffleNet V2, arXiv 1807.11164, Table 6'

export const shuffleNetV2Depth50 = deep({
  name: 'shufflenet-v2-50',
  stem: [[64, 2]],
  stages: [
    [244, 3],
    [488, 4],
    [976, 6],
    [1952, 3],
  ],
  form: {},
  variants: [
    {
      options: '',
      params: 16576898,
      macs: 2314702176,
      paper: { macs: '2.3 G', top1: 77.2, source: paper },
      note: 'exact to the figure; that the first unit of conv2_x has two branches, at stride 1, is our reading of the table',
    },
  ],
})

export const seShuffleNetV2Depth164 = deep({
  name: 'se-shufflenet-v2-164',
  stem: [
    [64, 2],
    [64, 1],
    [128, 1],
  ],
  stages: [
    [340, 10],
    [680, 10],
    [1360, 23],
    [2720, 10],
  ],
  form: { squeezed: true, residual: true },
  variants: [
    {
      options: '',
      params: 102472904,
      macs: 12573675940,
      paper: { macs: '12.7 G', top1: 81.44, source: paper },
      note: "1 % below the paper's 12.7 G, which no known convention explains; the network its authors published under that figure, ShuffleNetV2.Large, is another one, of wider branches and 3 x 3 convolutions in 8 groups",
    },
  ],
})
