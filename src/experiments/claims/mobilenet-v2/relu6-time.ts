import { measured } from '../claim.js'
import { between } from '../expected.js'
import { mobilenetV2 } from '../papers.js'
import { altered } from '../sets.js'

export const relu6Time = measured({
  id: 'relu6-time',
  claim: 'ReLU6 takes no more time than ReLU',
  paper: mobilenetV2,
  where: 'section 4',
  says: 'ReLU6 is chosen for arithmetic of low precision; no cost is given',
  how: 'MobileNet V2 by turns with itself with ReLU instead',
  set: altered,
  figures: [
    {
      name: 'time, ReLU6 over ReLU',
      unit: 'x',
      expected: between(0, 1.03, 'at most 3 % more'),
      found: ({ time }) => time('mobilenet-v2', { over: 'mobilenet-v2 with ReLU' }),
    },
  ],
})
