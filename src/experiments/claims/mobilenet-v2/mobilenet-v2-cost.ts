import { counted } from '../claim.js'
import { about } from '../expected.js'
import { mobilenetV2 } from '../papers.js'

export const mobilenetV2Cost = counted({
  id: 'mobilenet-v2-cost',
  claim: 'MobileNet V2 takes half the MACs and 0.8 of the parameters of V1',
  paper: mobilenetV2,
  where: 'section 6.1, Table 4',
  says: '300 M and 575 M MAdds, 3.4 M and 4.2 M parameters',
  how: 'both networks counted',
  counts: ['mobilenet-v1', 'mobilenet-v2'],
  figures: [
    {
      name: 'MACs, V2 over V1',
      unit: 'x',
      expected: about(300 / 575),
      found: ({ macs }) => macs('mobilenet-v2') / macs('mobilenet-v1'),
    },
    {
      name: 'params, V2 over V1',
      unit: 'x',
      expected: about(3.4 / 4.2),
      found: ({ params }) => params('mobilenet-v2') / params('mobilenet-v1'),
    },
  ],
  note: "The 575 M of V1 are 569 M in V1's own paper, and here 568.7 M.",
})
