import type {
  ConvolutionKernels,
  Estimate,
  Expectation,
  GuidelineRow,
  GuidelinesReport,
  GuidelineTable,
  GuidelineVerdict,
  RowFinding,
} from '../types.js'
import { count, percent, time, visible } from './format.js'
import { type Column, left, type Page, paragraphs, right } from './page.js'
import { where } from './profile.js'
import { table } from './table.js'
import { wrapped } from './wrap.js'

/** The paper's experiments as they run here, and which guidelines hold, for a terminal. */
export const guidelinesText = (report: GuidelinesReport, page: Page): string =>
  paragraphs([
    heading(report, page),
    ...report.tables.flatMap((one) => [title(one, page), rows(one, page), unlike(one, page)]),
    summary(report, page),
    page.paint.dim(wrapped(legend(report), page.width)),
  ])

const heading = (report: GuidelinesReport, { paint, width }: Page): string =>
  `${paint.bold("ShuffleNet V2's guidelines")}  56x56 pixels, batch ${report.batch}\n${wrapped(visible(where(report)), width)}`

/** Names rows that onnxruntime runs in another way than the first: the guideline is not all in which they differ. */
function unlike({ rows }: GuidelineTable, { paint, width }: Page): string {
  const share = ({ kernels }: GuidelineRow) => (kernels === null ? 1 : kernels.blocked / kernels.convolutions)
  const others = rows.filter((row) => share(row) !== share(rows[0] as GuidelineRow))
  if (others.length === 0) return ''
  const names = others.map(({ variant }) => variant).join(', ')
  return paint.yellow(
    wrapped(`warning: not all in blocked layout, so that more differs than the guideline: ${names}`, width),
  )
}

const legend = ({ margin }: GuidelinesReport): string =>
  `access, bound: elements that the convolutions move, and the least for their MACs; blocked: convolutions in blocked layout, of all, and kernels that change layouts; here: how many times as fast as the first row, with its interval; GPU, ARM: the same in the paper. An effect of less than ${percent(margin)} is none. Everything there is: --format json.`

const verdicts: Readonly<Record<GuidelineVerdict, string>> = {
  holds: 'holds',
  'does-not-hold': 'does not hold',
  'cannot-tell': 'cannot tell',
}

function title(one: GuidelineTable, { paint, width }: Page): string {
  const [first] = one.rows
  const id = one.guideline.toUpperCase()
  const name = wrapped(`${paint.bold(id)}  ${one.title}: ${paint.bold(verdicts[one.verdict])}`, width)
  const takes = first === undefined ? '' : `, ${first.variant} takes ${time(first.latencyMs.point)}`
  return `${name}\n${wrapped(`${widthsOf(one)} of ${one.source}${takes}`, width)}`
}

const widthsOf = ({ widths, scale }: GuidelineTable): string => `${widths.toUpperCase()} widths x${scale}`

/** A column, in pages at least as wide as `from`. */
interface Figure extends Column {
  readonly from: number
  readonly cell: (row: GuidelineRow, expectation: Expectation) => string
}

const figures: readonly Figure[] = [
  { ...right('widths'), from: 72, cell: ({ channels: [input, output] }) => `${input}→${output}` },
  { ...right('MACs'), from: 80, cell: ({ macs }) => count(macs) },
  { ...right(''), from: 80, cell: ({ macsRatio }) => change(macsRatio) },
  { ...right('access'), from: 100, cell: ({ memoryAccess }) => elements(memoryAccess?.accessElements) },
  { ...right('bound'), from: 100, cell: ({ memoryAccess }) => elements(memoryAccess?.boundElements) },
  { ...right('blocked'), from: 100, cell: ({ kernels }) => layout(kernels) },
  { ...left('here'), from: 0, cell: ({ relativeSpeed, finding }) => here(relativeSpeed, finding) },
  { ...left(''), from: 0, cell: ({ finding }, expectation) => said(finding, expectation) },
  { ...right('GPU'), from: 0, cell: ({ published }) => ratio(published.gpu.point) },
  { ...right('ARM'), from: 0, cell: ({ published }) => ratio(published.arm.point) },
]

function rows({ rows, expectation }: GuidelineTable, page: Page): string {
  const hasAccess = rows.some(({ memoryAccess }) => memoryAccess !== null)
  const isShown = ({ from, title }: Figure) =>
    page.width >= from && (hasAccess || (title !== 'access' && title !== 'bound'))
  const shown = figures.filter(isShown)
  const cells = rows.map((row) => [row.variant, ...shown.map(({ cell }) => cell(row, expectation))])
  return table([left(''), ...shown], cells, page)
}

/** `-1.1%` of the first row. */
const change = (macsRatio: number): string =>
  Math.abs(macsRatio - 1) < 5e-4 ? '' : `${macsRatio > 1 ? '+' : ''}${percent(macsRatio - 1).replace(' ', '')}`

const elements = (value: number | undefined): string => (value === undefined ? '-' : count(value))

/** `10/20+20`. */
const layout = (kernels: ConvolutionKernels | null): string =>
  kernels === null ? '-' : `${kernels.blocked}/${kernels.convolutions}+${kernels.reorders}`

const ratio = (value: number): string => (value >= 9.995 ? value.toFixed(1) : value.toFixed(2))

const here = ({ point, lower, upper }: Estimate, finding: RowFinding | null): string =>
  finding === null ? ratio(1) : `${ratio(point)} [${ratio(lower)}, ${ratio(upper)}]`

/** Of a row that does not run as expected, or not by enough. */
const words: Readonly<Record<Expectation, string>> = { slower: 'as fast', faster: 'not faster' }

function said(finding: RowFinding | null, expectation: Expectation): string {
  if (finding === null) return ''
  if (finding === 'unclear') return finding
  return finding === 'shown' ? expectation : words[expectation]
}

function summary({ tables }: GuidelinesReport, page: Page): string {
  const cells = tables.map((one) => [
    one.guideline.toUpperCase(),
    widthsOf(one),
    verdicts[one.verdict],
    verdicts[one.publishedVerdict],
  ])
  return table([left('Guideline'), left(''), left('here'), left('in the paper')], cells, page)
}
