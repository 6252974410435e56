import { architecture } from './architecture.js'
import { type Network, Unbuildable, type Value } from './builder.js'
import { flag, integer } from './options.js'
import { senet } from './sources.js'
import { recalibrated } from './squeeze-excitation.js'

/** Batch Normalization, Ioffe and Szegedy, ICML 2015 (arXiv 1502.03167), Figure 5, as SE-BN-Inception.prototxt has it. */
const modules = [
  // name, 1x1, 3x3 reduce, 3x3, double 3x3 reduce, double 3x3, pooling, channels after it
  ['3a', 64, 64, 64, 64, 96, 'average', 32],
  ['3b', 64, 64, 96, 64, 96, 'average', 64],
  ['3c', 0, 128, 160, 64, 96, 'half', 0],
  ['4a', 224, 64, 96, 96, 128, 'average', 128],
  ['4b', 192, 96, 128, 96, 128, 'average', 128],
  ['4c', 160, 128, 160, 128, 160, 'average', 128],
  ['4d', 96, 128, 192, 160, 192, 'average', 128],
  ['4e', 0, 128, 192, 192, 256, 'half', 0],
  ['5a', 352, 192, 320, 160, 224, 'average', 128],
  ['5b', 352, 192, 320, 192, 224, 'max', 128],
] as const

type Module = (typeof modules)[number]

export const seBnInception = architecture({
  name: 'se-bn-inception',
  title: 'Squeeze-and-Excitation Networks',
  year: 2017,
  source: 'arXiv 1709.01507',
  options: {
    reduction: integer(16, 1, 1024),
    bias: flag(true),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { reduction, bias, resolution, classes, batch }) {
    checkHalving(resolution)
    let x = stem(net, net.input(batch, 3, resolution, resolution))
    for (const module of modules) {
      x = net.scope(`inception${module[0]}`, () => recalibrated(net, inception(net, x, module), { reduction, bias }))
    }
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), classes))
  },
  variants: [
    {
      options: '',
      params: 11931622,
      macs: 2033239424,
      paper: { macs: '2.04 G', top1: 75.77, top5: 92.86, source: senet('Table 2') },
      note: "the paper's figure also counts SE's pooling and scaling, which makes 2.036 G",
    },
  ],
})

/** 3c and 4e halve a map by convolution and by Caffe's pooling, which agree only where its size is even. */
function checkHalving(resolution: number): void {
  const size3c = Math.floor(Math.ceil(resolution / 2) / 4)
  for (const [name, size] of [
    ['3c', size3c],
    ['4e', size3c / 2],
  ] as const) {
    if (size % 2 === 0 && size > 0) continue
    throw new Unbuildable(
      `inception${name} would halve ${size} x ${size} pixels: its convolution rounds up, its pooling rounds down`,
    )
  }
}

function stem(net: Network, image: Value): Value {
  const pool = (x: Value) => net.maxPool(x, { kernel: 3, stride: 2, ceil: true })
  const x = net.scope('conv1', () => pool(convolution(net, image, 64, 7, 2)))
  const y = net.scope('conv2a', () => convolution(net, x, 64, 1))
  return net.scope('conv2b', () => pool(convolution(net, y, 192, 3)))
}

function inception(net: Network, x: Value, [, c1, reduce3, c3, reduceDouble, double, pooling, project]: Module): Value {
  const layer = (name: string, input: Value, out: number, kernel: number, stride = 1) =>
    net.scope(name, () => convolution(net, input, out, kernel, stride))
  const stride = pooling === 'half' ? 2 : 1
  const branches: [Value, ...Value[]] = [
    layer('3x3', layer('3x3reduce', x, reduce3, 1), c3, 3, stride),
    layer(
      'double3x3b',
      layer('double3x3a', layer('double3x3reduce', x, reduceDouble, 1), double, 3),
      double,
      3,
      stride,
    ),
  ]
  if (pooling === 'half') return net.concat([...branches, net.maxPool(x, { kernel: 3, stride, ceil: true })])
  const window = { kernel: 3, stride, padding: 1 }
  const pooled = pooling === 'max' ? net.maxPool(x, window) : net.averagePool(x, window)
  return net.concat([layer('1x1', x, c1, 1), ...branches, layer('project', pooled, project, 1)])
}

const convolution = (net: Network, x: Value, out: number, kernel: number, stride = 1): Value =>
  net.relu(net.batchNorm(net.conv(x, { out, kernel, stride })))
