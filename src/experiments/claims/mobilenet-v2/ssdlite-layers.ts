import { counted } from '../claim.js'
import { sum } from '../evidence.js'
import { printed } from '../expected.js'
import { mobilenetV2 } from '../papers.js'
import { ssdlite } from './detectors.js'

/** What is not the backbone's. */
const own = /^(extra\d|boxes|scores)\//

export const ssdliteLayers = counted({
  id: 'ssdlite-layers',
  claim: "SSDLite's layers on MobileNet V2 have 2.1 M parameters and 0.35 B MACs",
  paper: mobilenetV2,
  where: 'section 6.2, Table 5; Table 6',
  says: '2.1 M parameters and 0.35 B MAdds; 0.8 B for the whole network',
  how: 'the layers beyond the backbone, at 320 pixels and 80 classes',
  counts: [ssdlite],
  figures: [
    {
      name: 'params',
      unit: 'M',
      expected: printed('2.1'),
      found: ({ layers }) => sum(layers(ssdlite, own), 'params') / 1e6,
    },
    {
      name: 'MACs',
      unit: 'G',
      expected: printed('0.35'),
      found: ({ layers }) => sum(layers(ssdlite, own), 'macs') / 1e9,
    },
    { name: 'MACs of the network', unit: 'G', expected: printed('0.8'), found: ({ macs }) => macs(ssdlite) / 1e9 },
  ],
  publishedIsWrong: true,
  note: 'The layers have 177,617,344 MACs; 0.35 B is twice that, multiplications and additions apart. With the 611,212,800 of the backbone 0.35 B would make 0.96 B, not the 0.8 B of Table 6.',
})
