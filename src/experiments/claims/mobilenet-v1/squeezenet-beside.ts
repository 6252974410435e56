import { counted } from '../claim.js'
import { about } from '../expected.js'
import { mobilenetV1 } from '../papers.js'

const [small, squeezenet] = ['mobilenet-v1:width=0.5,resolution=160', 'squeezenet:resolution=227']

export const squeezenetBeside = counted({
  id: 'squeezenet-beside',
  claim: 'MobileNet 0.50-160 is about as small as SqueezeNet and takes 22 times less computation',
  paper: mobilenetV1,
  where: 'section 4.1, Table 9',
  says: '1.25 M and 1.32 M parameters, 1700 M and 76 M mult-adds',
  how: 'both networks counted, SqueezeNet 1.0 at its 227 pixels',
  counts: [small, squeezenet],
  figures: [
    { name: 'MACs', unit: 'x', expected: about(22), found: ({ macs }) => macs(squeezenet) / macs(small) },
    {
      name: 'params',
      unit: 'x',
      expected: about(1.25 / 1.32),
      found: ({ params }) => params(squeezenet) / params(small),
    },
  ],
  publishedIsWrong: true,
  note: "SqueezeNet's 1700 M count a multiplication and an addition each, MobileNet's 76 M count the two as one: 833 M over 76.5 M is 10.9. ShuffleNet's Table 6 gives SqueezeNet 833 M.",
})
