import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { choice, integer } from './options.js'
import { mobilenets, torchvision } from './sources.js'

type Row = 'pool' | readonly [squeeze: number, expand: number]

interface Table {
  readonly stem: { readonly out: number; readonly kernel: number }
  readonly rows: readonly Row[]
}

/** SqueezeNet, Iandola et al., 2016 (arXiv 1602.07360), Table 1: s1x1, and e1x1 = e3x3, of fire2 to fire9. */
const version10: Table = {
  stem: { out: 96, kernel: 7 },
  rows: ['pool', [16, 64], [16, 64], [32, 128], 'pool', [32, 128], [48, 192], [48, 192], [64, 256], 'pool', [64, 256]],
}

/** The authors' SqueezeNet_v1.1: a smaller stem, poolings earlier. */
const version11: Table = {
  stem: { out: 64, kernel: 3 },
  rows: ['pool', [16, 64], [16, 64], 'pool', [32, 128], [32, 128], 'pool', [48, 192], [48, 192], [64, 256], [64, 256]],
}

export const squeezenet = architecture({
  name: 'squeezenet',
  title: 'SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size',
  year: 2016,
  source: 'arXiv 1602.07360',
  options: {
    version: choice<'1.0' | '1.1'>('1.0', '1.1'),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { version, resolution, classes, batch }) {
    const { stem, rows } = version === '1.0' ? version10 : version11
    const image = net.input(batch, 3, resolution, resolution)
    let x = net.scope('conv1', () => net.relu(net.conv(image, { ...stem, stride: 2, padding: 0, bias: true })))
    let layer = 1
    for (const row of rows) {
      if (row === 'pool') {
        x = net.scope(`pool${layer}`, () => net.maxPool(x, { kernel: 3, stride: 2, ceil: true }))
      } else {
        layer += 1
        x = net.scope(`fire${layer}`, () => fire(net, x, row))
      }
    }
    x = net.scope('conv10', () => net.relu(net.conv(x, { out: classes, kernel: 1, bias: true })))
    return net.flatten(net.globalAveragePool(x))
  },
  variants: [
    {
      options: '',
      params: 1248424,
      macs: 818924576,
      paper: { params: '1.25 M', macs: '1700 M', top1: 57.5, source: mobilenets('Table 9') },
      note: '1700 M are multiplications and additions of an image of 227 pixels: twice 832.7 M, rounded',
    },
    {
      options: 'resolution=227',
      params: 1248424,
      macs: 832667936,
      paper: { macs: '833 M', top1: 57.5, source: 'ShuffleNet, arXiv 1707.01083, Table 6' },
    },
    {
      options: 'version=1.1',
      params: 1235496,
      macs: 349151936,
      paper: { params: '1,235,496', macs: '0.349 G', top1: 58.178, top5: 80.624, source: torchvision },
    },
  ],
})

/** 1 x 1 to few channels, then 1 x 1 and 3 x 3 side by side (Figure 1). */
function fire(net: Network, x: Value, [squeeze, expand]: readonly [squeeze: number, expand: number]): Value {
  const convolution = (name: string, input: Value, out: number, kernel: number) =>
    net.scope(name, () => net.relu(net.conv(input, { out, kernel, bias: true })))
  const squeezed = convolution('squeeze', x, squeeze, 1)
  return net.concat([convolution('expand1x1', squeezed, expand, 1), convolution('expand3x3', squeezed, expand, 3)])
}
