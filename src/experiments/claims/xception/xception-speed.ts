import { measured } from '../claim.js'
import { between } from '../expected.js'
import { xception } from '../papers.js'
import { inceptions } from '../sets.js'

export const xceptionSpeed = measured({
  id: 'xception-speed',
  claim: 'Xception is a little slower than Inception V3',
  paper: xception,
  where: 'section 4.5, Table 3',
  says: '28 and 31 training steps a second on 60 GPUs: 1.11 times the time',
  how: 'time of one image through each, by turns; the paper trained, with gradients on GPUs',
  set: inceptions,
  figures: [
    {
      name: 'time, Xception over Inception V3',
      unit: 'x',
      expected: between(1, 1.4, 'slower, and by a little', 31 / 28),
      found: ({ time }) => time('xception', { over: 'inception-v3' }),
    },
  ],
})
