import { measured } from '../claim.js'
import { atLeast, between } from '../expected.js'
import { mobilenetV2 } from '../papers.js'
import { altered } from '../sets.js'

const nonlinear = 'mobilenet-v2 with ReLU6 after bottlenecks'

export const linearBottleneckTime = measured({
  id: 'linear-bottleneck-time',
  claim: 'Linear bottlenecks take no more time than those with an activation',
  paper: mobilenetV2,
  where: 'sections 3.2 and 6.4',
  says: 'bottlenecks without activation are more accurate; no cost is given',
  how: 'MobileNet V2 by turns with itself with ReLU6 after each of its 17 bottlenecks',
  counts: ['mobilenet-v2', nonlinear],
  set: altered,
  figures: [
    {
      name: 'time, linear over not',
      unit: 'x',
      expected: between(0, 1.03, 'at most 3 % more'),
      found: ({ time }) => time('mobilenet-v2', { over: nonlinear }),
    },
    {
      name: 'FLOPs saved',
      unit: 'M',
      expected: atLeast(0, 'fewer, if anything'),
      found: ({ flops }) => (flops(nonlinear) - flops('mobilenet-v2')) / 1e6,
    },
  ],
})
