import type { Cause, EnvironmentComparison, MisorderedPair } from '../types.js'
import { causeName } from './cause-names.js'
import { shorten, time, times, visible } from './format.js'
import { indent, left, type Page, right } from './page.js'
import { table } from './table.js'
import { wrapped } from './wrap.js'

/** How well each figure orders the models by latency; nothing where there are too few to order. */
export function correlation({ rankCorrelation }: EnvironmentComparison, page: Page): string {
  const { models, macs, bytes, roofline, prediction } = rankCorrelation
  const rows = [
    ['MACs', macs],
    ['bytes moved', bytes],
    ['roofline', roofline],
    ['prediction', prediction],
  ] as const
  const known = rows.flatMap(([name, tau]) => (tau === null ? [] : [[name, tau.toFixed(2)]]))
  if (known.length === 0) return ''
  return table([left(`Order of ${models} latencies`), right("Kendall's tau")], known, page)
}

const mostShown = 5

/** The pairs of models that MACs put in the wrong order, the worst first, each with what explains it. */
export function misordered({ order, misordered: pairs }: EnvironmentComparison, page: Page, all: boolean): string {
  const { pairs: total, wrong, tooClose } = order
  if (total === 0) return ''
  const close = tooClose === 0 ? '' : `; ${tooClose} ${tooClose === 1 ? 'is' : 'are'} too close to tell`
  const many = total === 1 ? 'the only pair' : `${total} pairs`
  const head = `MACs put ${total === 1 ? (wrong === 1 ? many : 'no pair') : `${wrong} of ${many}`} in the wrong order${close}.`
  const shown = all ? pairs : pairs.slice(0, mostShown)
  const hidden = pairs.length - shown.length
  const lines = shown.map((pair) => wrapped(sentence(pair, page), page.width - 2))
  return indent(
    [page.paint.bold(wrapped(head, page.width - 2)), ...lines, hidden === 0 ? '' : `${hidden} more: --all`]
      .filter(Boolean)
      .join('\n'),
  )
}

function sentence({ fewerMacs, moreMacs, macsRatio, latencyRatio, causes }: MisorderedPair, { width }: Page): string {
  const [slow, fast] = [fewerMacs, moreMacs].map((name) => shorten(name, Math.max(16, Math.floor((width - 20) / 2))))
  const why = enough(causes).map(({ cause, ms }) => `${visible(causeName(cause))} +${time(ms)}`)
  return `${slow} has ${times(1 / macsRatio)} the MACs of ${fast} and takes ${times(latencyRatio)} the time: ${why.join(', ')}`
}

const [mostCauses, enoughShare] = [3, 0.8]

/** The largest causes that make up most of what all of them add, or as much as a sentence holds. */
function enough(causes: readonly Cause[]): Cause[] {
  const total = causes.reduce((sum, { ms }) => sum + ms, 0)
  let told = 0
  return causes.slice(0, mostCauses).filter(({ ms }) => {
    const isWanted = told < enoughShare * total
    told += ms
    return isWanted
  })
}
