import type { CheckedClaim, ClaimFigure, ClaimTotals, Estimate } from '../../types.js'
import type { Claim, Figure } from './claim.js'
import type { Evidence } from './evidence.js'
import { combined, verdictOf } from './verdict.js'

/** A claim beside what came out here; without evidence, as where its models could not be run, it cannot be told. */
export function judged({ figures, ...claim }: Claim, evidence: Evidence | null): CheckedClaim {
  const all = figures.map((figure) => judgedFigure(figure, evidence === null ? null : figure.found(evidence)))
  return {
    id: claim.id,
    claim: claim.claim,
    paper: `${claim.paper.name}, ${claim.paper.source}`,
    where: claim.where,
    kind: claim.set === null ? 'counted' : 'measured',
    says: claim.says,
    how: claim.how,
    figures: all,
    verdict: combined(all.map(({ verdict }) => verdict)),
    publishedIsWrong: claim.publishedIsWrong === true,
    note: claim.note ?? null,
  }
}

const judgedFigure = ({ name, unit, expected }: Figure, found: number | Estimate | null): ClaimFigure => ({
  name,
  unit,
  published: expected.published,
  lower: bound(expected.lower),
  upper: bound(expected.upper),
  margin: expected.margin,
  found,
  verdict: verdictOf(found, expected),
})

/** JSON has no infinity. */
const bound = (value: number): number | null => (Number.isFinite(value) ? value : null)

export function totalsOf(claims: readonly CheckedClaim[]): ClaimTotals {
  const count = (is: (claim: CheckedClaim) => boolean) => claims.filter(is).length
  return {
    holds: count(({ verdict }) => verdict === 'holds'),
    doesNotHold: count(({ verdict }) => verdict === 'does-not-hold'),
    cannotTell: count(({ verdict }) => verdict === 'cannot-tell'),
    publishedIsWrong: count(({ verdict, publishedIsWrong }) => verdict === 'does-not-hold' && publishedIsWrong),
  }
}
