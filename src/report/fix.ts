import type { Estimate, FixedModel, FixReport } from '../types.js'
import { heading } from './analysis.js'
import { bytes, percent, shorten, time, times, visible } from './format.js'
import { indent, type Page, paragraphs } from './page.js'

/** What `lint --fix` did, for a terminal. */
export function fixText({ model, changes, left, written }: FixReport, page: Page): string {
  if (written === null) {
    return paragraphs([heading({ model }, page), 'Nothing found that can be fixed; nothing is written.'])
  }
  const lines = changes.map(({ rule, node, change }) => {
    return `${shorten(node, Math.max(20, page.width - 60))}  ${visible(change)}  ${page.paint.dim(rule)}`
  })
  return paragraphs([
    heading({ model }, page),
    indent(lines.join('\n')),
    indent(effect(written, page)),
    left === 0 ? '' : `${left} more can be fixed: lint ${visible(written.path)} again.`,
  ])
}

function effect({ path, byteLength, largestDifference, tolerance, before, after, speedup }: FixedModel, page: Page) {
  const rows = [
    ['written', `${visible(path)}, ${bytes(byteLength)}`],
    ['outputs', `differ by ${largestDifference.toExponential(1)} of their size at most, ${tolerance} is allowed`],
    ['before', `${latency(before.latencyMs)}, ${before.nodes} nodes`],
    ['after', `${latency(after.latencyMs)}, ${after.nodes} nodes`],
    ['speedup', page.paint.bold(`${times(speedup.point)}, ${times(speedup.lower)} to ${times(speedup.upper)}`)],
  ]
  return rows.map(([name = '', value = '']) => `${name.padEnd(9)}${value}`).join('\n')
}

const latency = ({ point, lower, upper, confidenceLevel }: Estimate): string =>
  `${time(point)}, ${percent(confidenceLevel)} interval ${time(lower)} to ${time(upper)}`
