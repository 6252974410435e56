import type { Estimate } from '../../../types.js'
import { measured } from '../claim.js'
import { type Evidence, rising } from '../evidence.js'
import { elsewhere } from '../expected.js'
import { shufflenetV1 } from '../papers.js'
import { lightweight } from '../sets.js'

/** Twice as wide is not quite four times as many MACs: the speedup as it would be at four. */
function atFour({ macs, time }: Evidence, wide: string, narrow: string): Estimate {
  const fold = Math.log(macs(wide) / macs(narrow))
  return rising(time(wide, { over: narrow }), (speedup) => 4 ** (Math.log(speedup) / fold))
}

export const fourTimesComplexity = measured({
  id: 'four-times-complexity',
  claim: 'A quarter of the complexity makes ShuffleNet about 2.6 times as fast',
  paper: shufflenetV1,
  where: 'section 4.6, Table 8',
  says: 'every 4 x theoretical reduction gives about 2.6 x actual speedup; 108.8, 37.8 and 15.2 ms at 2x, 1x and 0.5x',
  how: 'ShuffleNet with 3 groups at two pairs of scales, by turns; the speedup by MACs, as a power, carried to 4 x',
  counts: ['shufflenet-v1:scale=2', 'shufflenet-v1', 'shufflenet-v1:scale=0.5'],
  set: lightweight,
  figures: [
    {
      name: 'from 2x to 1x',
      unit: 'x',
      expected: elsewhere(2.6),
      found: (evidence) => atFour(evidence, 'shufflenet-v1:scale=2', 'shufflenet-v1'),
    },
    {
      name: 'from 1x to 0.5x',
      unit: 'x',
      expected: elsewhere(2.6),
      found: (evidence) => atFour(evidence, 'shufflenet-v1', 'shufflenet-v1:scale=0.5'),
    },
  ],
})
