import type { Case } from './case.js'
import type { Count } from './tools.js'

/**
 * `right`: the true count, operations besides products being the tool's own convention. `open`: not the true count, and
 * the tool says what it left out. `wrong`: another count without a word. `cannot`: none.
 */
export type Verdict = 'right' | 'open' | 'wrong' | 'cannot'

export function verdictOf(of: Case, count: Count): Verdict {
  if ('error' in count) return 'cannot'
  if (isTrue(of, count.macs) && count.params === of.params) return 'right'
  return count.leftOut.length > 0 ? 'open' : 'wrong'
}

const isTrue = ({ macs, others }: Case, counted: number) => counted >= macs && counted <= macs + others

export const legend =
  '✓ the true count; ✓* with operations besides the products among the MACs, as the tool means it; ✗ another count; ' +
  '○ another count, and the tool names operators that it left out.'

/** A verdict with the figures that are not the true ones. */
export function verdictText(of: Case, count: Count): string {
  const verdict = verdictOf(of, count)
  if ('error' in count) return 'cannot'
  const macs = isTrue(of, count.macs) ? [] : [`${grouped(count.macs)} MACs`]
  const params = count.params === of.params ? [] : [`${grouped(count.params)} params`]
  if (verdict === 'right') return count.macs === of.macs ? '✓' : '✓*'
  const figures = [...macs, ...params].join(', ')
  return `${verdict === 'wrong' ? '✗' : '○'} ${figures}`
}

export const grouped = (count: number): string => count.toLocaleString('en-US')
