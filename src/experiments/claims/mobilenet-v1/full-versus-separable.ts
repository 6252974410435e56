import { counted } from '../claim.js'
import { between, printed } from '../expected.js'
import { mobilenetV1 } from '../papers.js'

const [separable, full] = ['mobilenet-v1', 'mobilenet-v1:convolution=full']

export const fullVersusSeparable = counted({
  id: 'full-versus-separable',
  claim: 'With full convolutions MobileNet costs 8 to 9 times as much',
  paper: mobilenetV1,
  where: 'section 3.1, Table 4',
  says: '8 to 9 times less computation; 4866 M and 569 M mult-adds, 29.3 M and 4.2 M parameters',
  how: 'the network beside itself with each separable layer replaced by a full 3 x 3 convolution; the 4866 M leave the classifier out',
  counts: [separable, full],
  figures: [
    {
      name: 'MACs, full over separable',
      unit: 'x',
      expected: between(8, 9, 'the range that the paper gives', 8.5),
      found: ({ macs }) => macs(full) / macs(separable),
    },
    {
      name: 'MACs of full convolutions',
      unit: 'M',
      expected: printed('4866'),
      found: (evidence) => evidence.by('shufflenet', full).total / 1e6,
    },
    { name: 'MACs, separable', unit: 'M', expected: printed('569'), found: ({ macs }) => macs(separable) / 1e6 },
    { name: 'params, full', unit: 'M', expected: printed('29.3'), found: ({ params }) => params(full) / 1e6 },
    { name: 'params, separable', unit: 'M', expected: printed('4.2'), found: ({ params }) => params(separable) / 1e6 },
  ],
})
