import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { mobilenetV1 } from '../papers.js'
import { shareOfMacs } from './share-of-macs.js'

export const firstConvolutionShare = counted({
  id: 'first-convolution-share',
  claim: "The first 3 x 3 convolution has 1.19 % of MobileNet's MACs",
  paper: mobilenetV1,
  where: 'Table 2',
  says: '1.19 % of mult-adds, beside 94.86, 3.06 and 0.18 % of the other layers',
  how: 'MACs of the first convolution over those of all layers',
  counts: ['mobilenet-v1'],
  figures: [{ name: 'MACs', unit: '%', expected: printed('1.19'), found: shareOfMacs(/^stem\/conv$/) }],
  publishedIsWrong: true,
  note: 'Two digits changed places: 10,838,016 of 568,740,352 MACs are 1.91 %, and 94.86 + 3.06 + 1.91 + 0.18 = 100.01; with 1.19 the column sums to 99.29.',
})
