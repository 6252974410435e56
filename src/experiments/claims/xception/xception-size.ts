import { counted } from '../claim.js'
import { about, exactly } from '../expected.js'
import { xception } from '../papers.js'

export const xceptionSize = counted({
  id: 'xception-size',
  claim: 'Xception has as many parameters as Inception V3',
  paper: xception,
  where: 'abstract, Table 3',
  says: '22,855,952 and 23,626,728 parameters',
  how: 'both networks counted, Inception V3 without its auxiliary classifier',
  counts: ['xception', 'inception-v3'],
  figures: [
    {
      name: 'Xception over Inception V3',
      unit: 'x',
      expected: about(22855952 / 23626728),
      found: ({ params }) => params('xception') / params('inception-v3'),
    },
    { name: 'params of Xception', unit: '', expected: exactly(22855952), found: ({ params }) => params('xception') },
  ],
})
