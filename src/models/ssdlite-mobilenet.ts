import { architecture } from './architecture.js'
import { mobilenetV1Features, separable } from './mobilenet-v1.js'
import { mobilenetV2Features } from './mobilenet-v2.js'
import { integer } from './options.js'
import { mobilenetV2Paper } from './sources.js'
import { ssdlite } from './ssdlite.js'

const options = {
  resolution: integer(320, 32, 2048),
  // 80 in COCO's challenge, 90 in its numbering, which the released networks have; background comes on top
  classes: integer(80, 1, 100_000),
  batch: integer(1, 1, 1024),
}

/** MobileNetV2, Sandler et al. (arXiv 1801.04381), section 6.2 and Table 6; the first map is that of layer 11. */
export const ssdliteMobilenetV1 = architecture({
  name: 'ssdlite-mobilenet-v1',
  title: 'MobileNetV2: Inverted Residuals and Linear Bottlenecks (MobileNet V1 with SSDLite)',
  year: 2018,
  source: 'arXiv 1801.04381',
  options,
  build(net, { resolution, classes, batch }) {
    const image = net.input(batch, 3, resolution, resolution)
    const { last, maps } = mobilenetV1Features(net, image, { width: 1, depth: 'full', layer: separable })
    return ssdlite(net, { maps: [maps[10] ?? last, last], classes, resolution, batch })
  },
  variants: [
    {
      options: '',
      params: 5100661,
      macs: 1309162944,
      paper: {
        params: '5.1 M',
        macs: '1.3 G',
        map: 22.2,
        latency: '270 ms, Pixel 1',
        source: mobilenetV2Paper('Table 6'),
      },
    },
  ],
})

/** MobileNetV2, section 6.2 and Table 6: the first map is the expanded tensor inside block 14, before its stride. */
export const ssdliteMobilenetV2 = architecture({
  name: 'ssdlite-mobilenet-v2',
  title: 'MobileNetV2: Inverted Residuals and Linear Bottlenecks (with SSDLite)',
  year: 2018,
  source: 'arXiv 1801.04381',
  options,
  build(net, { resolution, classes, batch }) {
    const image = net.input(batch, 3, resolution, resolution)
    const { last, expanded } = mobilenetV2Features(net, image, 1)
    return ssdlite(net, { maps: [expanded[13] ?? last, last], classes, resolution, batch })
  },
  variants: [
    {
      options: '',
      params: 4337013,
      macs: 788830144,
      paper: {
        params: '4.3 M',
        macs: '0.8 G',
        map: 22.1,
        latency: '200 ms, Pixel 1',
        source: mobilenetV2Paper('Table 6'),
      },
      note: "Table 5's 2.1 M params of the layers after the backbone are exact, 2,113,141; its 0.35 G is twice their MACs, 177,617,344, and more than Table 6 leaves for them",
    },
    {
      options: 'resolution=300,classes=90',
      params: 4500543,
      macs: 749503856,
      paper: {
        map: 22,
        latency: '27 ms, Titan X',
        source: 'tensorflow/models, detection model zoo (the released network)',
      },
    },
  ],
})
