import { counted } from '../claim.js'
import { sum } from '../evidence.js'
import { exactly } from '../expected.js'
import { shufflenetV1 } from '../papers.js'

export const shuffleFlops = counted({
  id: 'shuffle-flops',
  claim: 'Shuffling channels costs no FLOPs',
  paper: shufflenetV1,
  where: 'section 3.1',
  says: 'the shuffle is a reshape, a transposition and a reshape back',
  how: 'FLOPs of the nodes that shuffle, and of the network with them less those without',
  counts: ['shufflenet-v1', 'shufflenet-v1 without shuffles'],
  figures: [
    {
      name: 'FLOPs of the shuffles',
      unit: '',
      expected: exactly(0),
      found: ({ layers }) => sum(layers('shufflenet-v1', /\/shuffle/), 'flops'),
    },
    {
      name: 'FLOPs more than without',
      unit: '',
      expected: exactly(0),
      found: ({ flops }) => flops('shufflenet-v1') - flops('shufflenet-v1 without shuffles'),
    },
  ],
})
