import { measured } from '../claim.js'
import { rising } from '../evidence.js'
import { between } from '../expected.js'
import { shufflenetV2 } from '../papers.js'
import { lightweight } from '../sets.js'
import { normal, wide } from './fields.js'

export const wideFieldTime = measured({
  id: 'wide-field-time',
  claim: 'The wider receptive field costs little time',
  paper: shufflenetV2,
  where: 'section 4.3, Table 7',
  says: '183 and 138 images/s at 0.5x and 1x as the backbone of a detector on a GPU; the claim is that few FLOPs are added',
  how: 'ShuffleNet V2 1x by turns with its wide variant',
  set: lightweight,
  figures: [
    {
      name: 'time added',
      unit: '%',
      expected: between(0, 10, 'little'),
      found: ({ time }) => rising(time(wide, { over: normal }), (ratio) => 100 * (ratio - 1)),
    },
  ],
})
