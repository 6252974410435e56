import { counted } from '../claim.js'
import { atLeast } from '../expected.js'
import { mobilenetV1 } from '../papers.js'

const googlenet = 'googlenet:variant=bvlc'

export const googlenetBeside = counted({
  id: 'googlenet-beside',
  claim: 'MobileNet is smaller than GoogLeNet and takes more than 2.5 times less computation',
  paper: mobilenetV1,
  where: 'section 4.1, Table 8',
  says: '6.8 M and 4.2 M parameters, 1550 M and 569 M mult-adds',
  how: "both networks counted, GoogLeNet as its paper's and Caffe's",
  counts: ['mobilenet-v1', googlenet],
  figures: [
    {
      name: 'MACs',
      unit: 'x',
      expected: atLeast(2.5, 'as the paper says', 2.5),
      found: ({ macs }) => macs(googlenet) / macs('mobilenet-v1'),
    },
    {
      name: 'params',
      unit: 'x',
      expected: atLeast(1, 'smaller', 6.8 / 4.2),
      found: ({ params }) => params(googlenet) / params('mobilenet-v1'),
    },
  ],
})
