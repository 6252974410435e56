import { counted } from '../claim.js'
import { about, printed } from '../expected.js'
import { shufflenetV1 } from '../papers.js'
import { alexnet, half } from './alexnet.js'

export const alexnetInTheory = counted({
  id: 'alexnet-in-theory',
  claim: 'ShuffleNet 0.5x is 18 times cheaper than AlexNet',
  paper: shufflenetV1,
  where: 'section 4.6, Table 8',
  says: 'a theoretical speedup of 18; 720 and 38 MFLOPs',
  how: 'MACs of AlexNet with its two towers at 224 pixels over those of ShuffleNet 0.5x with 3 groups',
  counts: [alexnet, half],
  figures: [
    {
      name: 'MACs, AlexNet over ShuffleNet',
      unit: 'x',
      expected: about(18),
      found: ({ macs }) => macs(alexnet) / macs(half),
    },
    { name: 'MACs of ShuffleNet 0.5x', unit: 'M', expected: printed('38'), found: ({ macs }) => macs(half) / 1e6 },
  ],
  note: '720 over 38 is 18.9, which the paper cuts to 18.',
})
