import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { mobilenetV2 } from '../papers.js'

const wide = 'mobilenet-v2:width=1.4'

export const mobilenetV2Wide = counted({
  id: 'mobilenet-v2-wide',
  claim: 'MobileNet V2 at width 1.4 has 6.9 M parameters and 585 M MACs',
  paper: mobilenetV2,
  where: 'Table 4',
  says: '6.9 M parameters, 585 M MAdds',
  how: "the network as its authors released it, channels rounded to multiples of 8 by their code's rule",
  counts: [wide],
  figures: [
    { name: 'params', unit: 'M', expected: printed('6.9'), found: ({ params }) => params(wide) / 1e6 },
    { name: 'MACs', unit: 'M', expected: printed('585'), found: ({ macs }) => macs(wide) / 1e6 },
  ],
  publishedIsWrong: true,
  note: 'The released network has 6,108,776 parameters, 6.06 M without BatchNorm, and 582,195,824 MACs. No known way of counting gives the published ones.',
})
