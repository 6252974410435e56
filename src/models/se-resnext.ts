import { type Architecture, architecture, type Variant } from './architecture.js'
import { bottleneck } from './bottleneck.js'
import { integer, numbersIn } from './options.js'
import { type Depth, residualNetwork, residualStem } from './residual-network.js'
import { seOptions } from './se-resnet.js'
import { senet } from './sources.js'

/** Squeeze-and-Excitation Networks, Hu et al. (arXiv 1709.01507), Table 1: ResNeXt 32 x 4d with an SE block in each. */
const seResnext = (depth: Depth, variants: readonly Variant[]): Architecture =>
  architecture({
    name: `se-resnext-${depth}`,
    title: 'Squeeze-and-Excitation Networks',
    year: 2017,
    source: 'arXiv 1709.01507',
    options: {
      cardinality: integer(32, 1, 1024),
      width: integer(4, 1, 1024),
      ...seOptions,
      resolution: integer(224, 32, 2048),
      classes: integer(1000, 1, 100_000),
      batch: integer(1, 1, 1024),
    },
    build(net, { cardinality, width, reduction, placement, stages, bias, resolution, classes, batch }) {
      const x = net.input(batch, 3, resolution, resolution)
      const withSe = numbersIn(stages)
      return residualNetwork(net, residualStem(net, x, 'ceil'), {
        depth,
        classes,
        block: (y, { number, scale, stride }) =>
          bottleneck(net, y, {
            width: cardinality * width * scale,
            out: 256 * scale,
            stride,
            version: '1.5',
            groups: cardinality,
            se: withSe.includes(number) ? { reduction, placement, bias } : undefined,
          }),
      })
    },
    variants,
  })

const scaled = (macs: string) =>
  `the paper's figure also counts the residual additions, SE's pooling and its scaling, which makes ${macs}`

export const seResnext50 = seResnext(50, [
  {
    options: '',
    params: 27559896,
    macs: 4232994816,
    paper: { macs: '4.25 G', top1: 78.9, top5: 94.51, source: senet('Table 2') },
    note: scaled('4.250 G'),
  },
  { options: 'bias=false', params: 27543848, macs: 4232994816 },
])

export const seResnext101 = seResnext(101, [
  {
    options: '',
    params: 48955416,
    macs: 7974739968,
    paper: { macs: '8.00 G', top1: 79.3, top5: 94.99, source: senet('Table 2') },
    note: scaled('8.002 G'),
  },
])
