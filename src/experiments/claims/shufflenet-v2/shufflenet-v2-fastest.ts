import { measured } from '../claim.js'
import { atLeast } from '../expected.js'
import { shufflenetV2 } from '../papers.js'
import { lightweight } from '../sets.js'

/** Each at about 140 M MACs. ShuffleNet V1 with one group is the Xception-like network: no groups and no shuffle are left. */
const others = [
  ['ShuffleNet V1', 'shufflenet-v1', 341 / 213],
  ['MobileNet V2', 'mobilenet-v2:width=0.6', null],
  ['Xception-like', 'shufflenet-v1:groups=1', null],
] as const

export const shufflenetV2Fastest = measured({
  id: 'shufflenet-v2-fastest',
  claim: 'ShuffleNet V2 is faster than V1, MobileNet V2 and Xception at equal complexity',
  paper: shufflenetV2,
  where: 'section 4, Table 8',
  says: '341 batches/s and 24.4 images/s at 146 MFLOPs, on a GPU and on ARM; ShuffleNet V1 213 and 21.8 at 140',
  how: 'ShuffleNet V2 1x by turns with ShuffleNet V1 (3 groups), MobileNet V2 0.6 and ShuffleNet V1 with one group, which is what ShuffleNet calls Xception-like (section 4.1.1)',
  set: lightweight,
  figures: others.map(([name, label, published]) => ({
    name: `time, ${name} over V2`,
    unit: 'x',
    expected: atLeast(1, 'faster by whatever', published),
    found: ({ time }) => time(label, { over: 'shufflenet-v2' }),
  })),
})
