import { measured } from '../claim.js'
import { elsewhere } from '../expected.js'
import { condensenet } from '../papers.js'
import { lightweight } from '../sets.js'
import { eight, four } from './networks.js'

export const condensenetTime = measured({
  id: 'condensenet-time',
  claim: 'CondenseNet (G = C = 8) is twice as fast as MobileNet',
  paper: condensenet,
  where: 'section 4.3, Table 5',
  says: '0.99 s and 1.96 s on an ARM processor; 1.89 s with G = C = 4',
  how: 'one image through each network, by turns',
  set: lightweight,
  figures: [
    {
      name: 'time, MobileNet over G = C = 8',
      unit: 'x',
      expected: elsewhere(1.96 / 0.99),
      found: ({ time }) => time('mobilenet-v1', { over: eight }),
    },
    {
      name: 'time, MobileNet over G = C = 4',
      unit: 'x',
      expected: elsewhere(1.96 / 1.89),
      found: ({ time }) => time('mobilenet-v1', { over: four }),
    },
  ],
})
