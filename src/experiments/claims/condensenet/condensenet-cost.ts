import { counted } from '../claim.js'
import { about, printed } from '../expected.js'
import { condensenet } from '../papers.js'
import { eight } from './networks.js'

export const condensenetCost = counted({
  id: 'condensenet-cost',
  claim: 'CondenseNet (G = C = 8) takes half the FLOPs of MobileNet',
  paper: condensenet,
  where: 'section 4.3, Table 4',
  says: '274 M and 569 M FLOPs, 2.9 M and 4.2 M parameters',
  how: "CondenseNet counted as its authors count, with ReLU and pooling, MobileNet by its own paper's MACs",
  counts: [eight, 'mobilenet-v1'],
  figures: [
    {
      name: 'FLOPs, CondenseNet over MobileNet',
      unit: 'x',
      expected: about(0.5),
      found: (evidence) => evidence.by('condensenet', eight).total / evidence.macs('mobilenet-v1'),
    },
    {
      name: 'FLOPs of CondenseNet',
      unit: 'M',
      expected: printed('274'),
      found: (evidence) => evidence.by('condensenet', eight).total / 1e6,
    },
    { name: 'params of CondenseNet', unit: 'M', expected: printed('2.9'), found: ({ params }) => params(eight) / 1e6 },
    {
      name: 'params of MobileNet',
      unit: 'M',
      expected: printed('4.2'),
      found: ({ params }) => params('mobilenet-v1') / 1e6,
    },
  ],
})
