import { measured } from '../claim.js'
import { shareWithout } from '../evidence.js'
import { atLeast } from '../expected.js'
import { shufflenetV2 } from '../papers.js'
import { altered } from '../sets.js'

export const shuffleTime = measured({
  id: 'shuffle-time',
  claim: 'Shuffling channels takes time, though it costs no FLOPs',
  paper: shufflenetV2,
  where: 'section 2, Figure 2',
  says: "data movement and shuffling have a share of ShuffleNet V1's time that FLOPs leave out",
  how: 'ShuffleNet V1 by turns with itself without shuffles; the share of the time that they take',
  set: altered,
  figures: [
    {
      name: 'share of the time',
      unit: '%',
      expected: atLeast(1, 'more than nothing'),
      found: ({ time }) => shareWithout(time('shufflenet-v1 without shuffles', { over: 'shufflenet-v1' })),
    },
  ],
})
