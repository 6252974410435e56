import { measured } from '../claim.js'
import { elsewhere } from '../expected.js'
import { mobilenetV2 } from '../papers.js'
import { detectors } from '../sets.js'

export const ssdliteTime = measured({
  id: 'ssdlite-time',
  claim: 'SSDLite is 1.35 times as fast on MobileNet V2 as on V1',
  paper: mobilenetV2,
  where: 'Table 6',
  says: '200 and 270 ms on a Pixel 1',
  how: 'one image of 320 pixels through each network, by turns',
  set: detectors,
  figures: [
    {
      name: 'time, on V1 over on V2',
      unit: 'x',
      expected: elsewhere(270 / 200),
      found: ({ time }) => time('ssdlite-mobilenet-v1', { over: 'ssdlite-mobilenet-v2' }),
    },
  ],
})
