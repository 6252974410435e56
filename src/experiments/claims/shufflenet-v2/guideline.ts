import { margin } from '../../../analyzers/guidelines/verdict.js'
import type { Estimate } from '../../../types.js'
import type { Guideline, Row } from '../../guidelines/guideline.js'
import { type Claim, type Figure, measured } from '../claim.js'
import type { Evidence } from '../evidence.js'
import { atLeast, atMost } from '../expected.js'
import { rowLabel, widthSets } from '../models/guideline-rows.js'
import { shufflenetV2 } from '../papers.js'
import type { MeasuredSet } from '../sets.js'

const why = `an effect of more than ${margin * 100} %, as measured and at equal MACs`

/** Each row of the table beside its first, by the rule of `flopgap guidelines`. */
export function guidelineClaim(
  guideline: Guideline,
  set: MeasuredSet,
  { id, claim, where, says }: Pick<Claim, 'id' | 'claim' | 'where' | 'says'>,
): Claim {
  const [first, ...others] = guideline.rows
  const figures = widthSets.flatMap((widths) =>
    others.map((row): Figure => {
      const published = row.published[widths][0] / first.published[widths][0]
      const [label, beside] = [rowLabel(guideline, row, widths), rowLabel(guideline, first, widths)]
      return {
        name: `speed of ${nameOf(row)}, ${widths.toUpperCase()} widths`,
        unit: 'x',
        expected:
          guideline.expectation === 'slower'
            ? atMost(1 - margin, why, published)
            : atLeast(1 / (1 - margin), why, published),
        found: (evidence) => atEqualMacs(evidence, label, beside),
      }
    }),
  )
  return measured({
    ...{ id, claim, where, says, figures, set },
    paper: shufflenetV2,
    how: `ten blocks at 56 x 56 pixels, batch 1, the widths of the paper's GPU and of its ARM experiment; each variant beside ${nameOf(first)}, by turns`,
    counts: set.models,
    note: 'Widths that are no whole blocks of 8 or 16 channels may run in other kernels, which slows a row whatever the guideline does: flopgap guidelines tells which.',
  })
}

const nameOf = ({ variant }: Row): string => variant

/** How many times as fast as another; widths are whole, so that the interval also takes in what their MACs differ by. */
function atEqualMacs({ time, macs }: Evidence, label: string, beside: string): Estimate {
  const { point, lower, upper, confidenceLevel } = time(beside, { over: label })
  const ratio = macs(label) / macs(beside)
  return { point, lower: lower * Math.min(1, ratio), upper: upper * Math.max(1, ratio), confidenceLevel }
}
