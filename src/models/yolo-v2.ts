import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { choice, integer, multiple, unlessGiven } from './options.js'
import { mobilenetV2Paper } from './sources.js'

/** YOLO9000, Redmon and Farhadi, CVPR 2017 (arXiv 1612.08242), Table 6: Darknet-19 without its classifier. */
const darknet19 = [
  // kernel, channels; or a pooling to half the size
  [3, 32],
  'pool',
  [3, 64],
  'pool',
  [3, 128],
  [1, 64],
  [3, 128],
  'pool',
  [3, 256],
  [1, 128],
  [3, 256],
  'pool',
  [3, 512],
  [1, 256],
  [3, 512],
  [1, 256],
  [3, 512], // passed through to the detector
  'pool',
  [3, 1024],
  [1, 512],
  [3, 1024],
  [1, 512],
  [3, 1024],
] as const

const anchors = 5

/** Classes and image size of darknet's cfg/yolov2-voc.cfg and cfg/yolov2.cfg. */
const datasets = { voc: { classes: 20, resolution: 416 }, coco: { classes: 80, resolution: 608 } } as const

const table3 = (map: number, framesPerSecond: number) => ({
  map,
  latency: `${framesPerSecond} frames/s, Titan X`,
  source: 'YOLO9000, arXiv 1612.08242, Table 3 (PASCAL VOC 2007)',
})

export const yoloV2 = architecture({
  name: 'yolo-v2',
  title: 'YOLO9000: Better, Faster, Stronger',
  year: 2016,
  source: 'arXiv 1612.08242',
  options: {
    dataset: choice<'voc' | 'coco'>('voc', 'coco'),
    // reduced: 1 x 1 to 64 channels before it is stacked; full: all 512, as the paper says and the first release had it
    passthrough: choice<'reduced' | 'full'>('reduced', 'full'),
    resolution: unlessGiven('dataset', multiple(416, 32, 32, 2048)),
    classes: unlessGiven('dataset', integer(20, 1, 10_000)),
    batch: integer(1, 1, 1024),
  },
  build(net, { dataset, passthrough, batch, ...given }) {
    const resolution = given.resolution === 'dataset' ? datasets[dataset].resolution : given.resolution
    const classes = given.classes === 'dataset' ? datasets[dataset].classes : given.classes
    const { fine, coarse } = features(net, net.input(batch, 3, resolution, resolution))
    return net.scope('detector', () => {
      const x = net.scope('2', () =>
        convolution(
          net,
          net.scope('1', () => convolution(net, coarse, [3, 1024])),
          [3, 1024],
        ),
      )
      const passed = passthrough === 'full' ? fine : net.scope('passthrough', () => convolution(net, fine, [1, 64]))
      const stacked = net.concat([net.spaceToDepth(passed, 2), x])
      const merged = net.scope('3', () => convolution(net, stacked, [3, 1024]))
      return net.scope('4', () => net.conv(merged, { out: anchors * (5 + classes), kernel: 1, bias: true }))
    })
  },
  variants: [
    {
      options: '',
      params: 50655389,
      macs: 14680167424,
      paper: table3(76.8, 67),
      note: "MobileNetV2's Table 6 gives YOLOv2 50.7 M params, which are this network's with BatchNorm's running mean and variance, 50,676,061",
    },
    { options: 'resolution=288', params: 50655389, macs: 7036056576, paper: table3(69, 91) },
    { options: 'resolution=352', params: 50655389, macs: 10510652416, paper: table3(73.7, 81) },
    { options: 'resolution=480', params: 50655389, macs: 19544601600, paper: table3(77.8, 59) },
    { options: 'resolution=544', params: 50655389, macs: 25103954944, paper: table3(78.6, 40) },
    {
      options: 'dataset=coco',
      params: 50962889,
      macs: 31469126656,
      paper: {
        macs: '62.94 G',
        map: 48.1,
        latency: '40 frames/s, Titan X',
        source: 'pjreddie.com/darknet/yolo (mAP at 0.5)',
      },
      note: 'darknet counts a multiplication and an addition: 62.94 G operations are 31.47 G MACs',
    },
    {
      options: 'dataset=coco,resolution=416',
      params: 50962889,
      macs: 14732084224,
      paper: { params: '50.7 M', macs: '17.5 G', map: 21.6, source: mobilenetV2Paper('Table 6') },
      note: 'that row mixes two networks: 50.7 M are the params of dataset=voc, 17.5 G the MACs of passthrough=full',
    },
    {
      options: 'dataset=coco,passthrough=full,resolution=416',
      params: 67445065,
      macs: 17500980224,
      paper: { macs: '17.5 G', source: mobilenetV2Paper('Table 6') },
      note: "darknet's yolo.cfg of November 2016",
    },
  ],
})

/** The maps of 1/16 and of 1/32 of the image. */
function features(net: Network, image: Value): { fine: Value; coarse: Value } {
  let x = image
  let fine = image
  for (const [index, layer] of darknet19.entries()) {
    if (layer === 'pool') fine = x
    x = net.scope(`layer${index + 1}`, () =>
      layer === 'pool' ? net.maxPool(x, { kernel: 2, stride: 2 }) : convolution(net, x, layer),
    )
  }
  return { fine, coarse: x }
}

const convolution = (net: Network, x: Value, [kernel, out]: readonly [kernel: number, out: number]): Value =>
  net.leakyRelu(net.batchNorm(net.conv(x, { out, kernel })), 0.1)
