import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { senet } from '../papers.js'
import { plain, squeezed } from './networks.js'

const withoutLast = 'se-resnet-50:stages=2-4,bias=false'

export const seParams = counted({
  id: 'se-params',
  claim: 'SE blocks add 10 % to the parameters of ResNet-50, and 4 % without the last stage',
  paper: senet,
  where: 'section 4',
  says: 'about 10 %, 2.5 M beyond 25 M; about 4 % where the last stage has none',
  how: 'parameters with SE blocks in all stages, and in all but the last, over those without',
  counts: [plain, squeezed(), withoutLast],
  figures: [
    {
      name: 'all stages',
      unit: '%',
      expected: printed('10'),
      found: ({ params }) => 100 * (params(squeezed()) / params(plain) - 1),
    },
    {
      name: 'without the last',
      unit: '%',
      expected: printed('4'),
      found: ({ params }) => 100 * (params(withoutLast) / params(plain) - 1),
    },
    {
      name: 'params added',
      unit: 'M',
      expected: printed('2.5'),
      found: ({ params }) => (params(squeezed()) - params(plain)) / 1e6,
    },
  ],
})
