import type { Estimate } from '../../../types.js'
import { measured } from '../claim.js'
import type { Evidence } from '../evidence.js'
import { atLeast } from '../expected.js'
import { shufflenetV2 } from '../papers.js'
import { lightweight } from '../sets.js'

/** Pairs in which the model with fewer MACs takes longer: those known to be, up to those that may be. */
function misordered({ macs, time }: Evidence): Estimate {
  const ordered = [...lightweight.models].sort((a, b) => macs(a) - macs(b))
  const ratios = ordered.flatMap((fewer, index) => ordered.slice(index + 1).map((more) => time(fewer, { over: more })))
  const count = (isWrong: (ratio: Estimate) => boolean) => ratios.filter(isWrong).length
  return {
    point: count(({ point }) => point > 1),
    lower: count(({ lower }) => lower > 1),
    upper: count(({ upper }) => upper > 1),
    confidenceLevel: Math.min(...ratios.map(({ confidenceLevel }) => confidenceLevel)),
  }
}

const pairs = (lightweight.models.length * (lightweight.models.length - 1)) / 2

export const flopsRankLatency = measured({
  id: 'flops-rank-latency',
  claim: 'FLOPs do not put networks in the order of their latency',
  paper: shufflenetV2,
  where: 'section 1, Figure 1 c and d',
  says: 'networks with similar FLOPs have different speeds',
  how: `the pairs of ${lightweight.models.length} light networks in which the one with fewer MACs takes longer, run by turns; a pair counts where its whole interval says so`,
  counts: lightweight.models,
  set: lightweight,
  figures: [
    {
      name: `of ${pairs} pairs, in the wrong order`,
      unit: '',
      expected: atLeast(1, 'one pair is enough'),
      found: misordered,
    },
  ],
})
