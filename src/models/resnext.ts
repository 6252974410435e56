import { type Architecture, architecture, type Variant } from './architecture.js'
import { bottleneck } from './bottleneck.js'
import { integer } from './options.js'
import { type Depth, residualNetwork, residualStem } from './residual-network.js'
import { senet } from './sources.js'

/**
 * Aggregated Residual Transformations, Xie et al., CVPR 2017 (arXiv 1611.05431), Table 1: the 3 x 3 convolution has
 * `cardinality` groups of `width` channels each in conv2_x, doubled from stage to stage.
 */
const resnext = (depth: Depth, variants: readonly Variant[]): Architecture =>
  architecture({
    name: `resnext-${depth}`,
    title: 'Aggregated Residual Transformations for Deep Neural Networks',
    year: 2016,
    source: 'arXiv 1611.05431',
    options: {
      cardinality: integer(32, 1, 1024),
      width: integer(4, 1, 1024),
      resolution: integer(224, 32, 2048),
      classes: integer(1000, 1, 100_000),
      batch: integer(1, 1, 1024),
    },
    build(net, { cardinality, width, resolution, classes, batch }) {
      const x = net.input(batch, 3, resolution, resolution)
      return residualNetwork(net, residualStem(net, x), {
        depth,
        classes,
        block: (y, { scale, stride }) =>
          bottleneck(net, y, {
            width: cardinality * width * scale,
            out: 256 * scale,
            stride,
            version: '1.5',
            groups: cardinality,
          }),
      })
    },
    variants,
  })

const table3 = (top1Error: number) => ({
  top1: Math.round(1000 - 10 * top1Error) / 10,
  source: 'ResNeXt, arXiv 1611.05431, Table 3',
})

export const resnext50 = resnext(50, [
  {
    options: '',
    params: 25028904,
    macs: 4230479872,
    paper: { params: '25.0 M', macs: '4.24 G', top1: 77.89, top5: 94.1, source: senet('Table 2') },
    note: "the paper's figure also counts the residual additions, which makes 4.236 G",
  },
  { options: 'cardinality=1,width=64', params: 25557032, macs: 4089184256, paper: table3(23.9) },
  { options: 'cardinality=2,width=40', params: 25425000, macs: 4124508160, paper: table3(23.0) },
  { options: 'cardinality=4,width=24', params: 25292968, macs: 4159832064, paper: table3(22.6) },
  { options: 'cardinality=8,width=14', params: 25603016, macs: 4267409408, paper: table3(22.3) },
])

export const resnext101 = resnext(101, [
  {
    options: '',
    params: 44177704,
    macs: 7969996800,
    paper: { macs: '7.99 G', top1: 78.82, top5: 94.43, source: senet('Table 2') },
    note: 'with the residual additions, which explain the other baselines of that table, it is 7.979 G; none is known that gives 7.99 G',
  },
])
