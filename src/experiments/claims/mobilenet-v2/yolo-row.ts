import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { mobilenetV2 } from '../papers.js'
import { yolo } from './detectors.js'

/** What was released as YOLOv2. */
const networks = [
  ['COCO', yolo],
  ['PASCAL VOC', 'yolo-v2'],
  ['COCO, first release', 'yolo-v2:dataset=coco,passthrough=full,resolution=416'],
] as const

export const yoloRow = counted({
  id: 'yolo-row',
  claim: 'YOLOv2 has 50.7 M parameters and 17.5 B MACs',
  paper: mobilenetV2,
  where: 'Table 6',
  says: '50.7 M parameters, 17.5 B MAdds, mAP 21.6 on COCO',
  how: 'parameters with running mean and variance, and MACs, of the three networks that were released as YOLOv2, at 416 pixels',
  counts: networks.map(([, spec]) => spec),
  figures: networks.flatMap(([name, spec]) => [
    {
      name: `params, ${name}`,
      unit: 'M',
      expected: printed('50.7'),
      found: (evidence) => evidence.by('senet', spec).params / 1e6,
    },
    { name: `MACs, ${name}`, unit: 'G', expected: printed('17.5'), found: ({ macs }) => macs(spec) / 1e9 },
  ]),
  publishedIsWrong: true,
  note: 'No one network has both. 50.7 M are those of the network for PASCAL VOC, 50,676,061 with its running means and variances, which has 14.7 G MACs; 17.5 G are those of the first release for COCO, 17,500,980,224, which has 67.5 M so counted. The network for COCO that is public now has 51.0 M and 14.7 G.',
})
