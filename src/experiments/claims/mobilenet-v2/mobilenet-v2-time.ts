import { measured } from '../claim.js'
import { elsewhere } from '../expected.js'
import { mobilenetV2 } from '../papers.js'
import { lightweight } from '../sets.js'

export const mobilenetV2Time = measured({
  id: 'mobilenet-v2-time',
  claim: 'MobileNet V2 is 1.5 times as fast as V1',
  paper: mobilenetV2,
  where: 'section 6.1, Table 4',
  says: '75 and 113 ms on one core of a Pixel 1',
  how: 'one image through each network, by turns',
  set: lightweight,
  figures: [
    {
      name: 'time, V1 over V2',
      unit: 'x',
      expected: elsewhere(113 / 75),
      found: ({ time }) => time('mobilenet-v1', { over: 'mobilenet-v2' }),
    },
  ],
})
