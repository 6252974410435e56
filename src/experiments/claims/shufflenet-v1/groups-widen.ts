import { counted } from '../claim.js'
import type { Evidence } from '../evidence.js'
import { between, exactly, printed } from '../expected.js'
import { shufflenetV1 } from '../papers.js'

/** Table 1: groups, channels of stage 2, complexity. */
const rows = [
  [1, 144, '143'],
  [2, 200, '140'],
  [3, 240, '137'],
  [4, 272, '133'],
  [8, 384, '137'],
] as const

const specOf = (groups: number) => `shufflenet-v1:groups=${groups}`
const specs = rows.map(([groups]) => specOf(groups))

export const groupsWiden = counted({
  id: 'groups-widen',
  claim: 'More groups give more channels at equal complexity',
  paper: shufflenetV1,
  where: 'section 3.2, Table 1',
  says: '144 to 384 channels in stage 2 with 1 to 8 groups, at 143 to 133 MFLOPs',
  how: "channels of stage 2, and MACs of the convolutions, as the table's complexity counts them",
  counts: specs,
  figures: [
    {
      name: 'largest complexity over the least',
      unit: 'x',
      expected: between(1, 1.1, 'equal within 10 %', 143 / 133),
      found: (evidence) => {
        const totals = specs.map((spec) => evidence.by('shufflenet', spec).total)
        return Math.max(...totals) / Math.min(...totals)
      },
    },
    ...rows.map(([groups, channels]) => ({
      name: `channels, ${groups} groups`,
      unit: '',
      expected: exactly(channels),
      found: ({ layers }: Evidence) =>
        layers(specOf(groups), /^stage2\/unit4\/expand\/conv$/)[0]?.outputShape?.[1] ?? 0,
    })),
    ...rows.map(([groups, , complexity]) => ({
      name: `complexity, ${groups} groups`,
      unit: 'M',
      expected: printed(complexity),
      found: (evidence: Evidence) => evidence.by('shufflenet', specOf(groups)).total / 1e6,
    })),
  ],
})
