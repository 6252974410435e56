import type { Analysis, DetailedAnalysis } from '../types.js'
import { bytes, count, exact, shape, shorten, visible } from './format.js'
import { columns, indent, left, type Page, paragraphs, right, warningLines } from './page.js'

/** An analysis for a terminal: what it is, its totals, where they are by operator, and with `all` every layer. */
export async function analysisText(analysis: DetailedAnalysis, page: Page, { all }: { all: boolean }): Promise<string> {
  return paragraphs([
    heading(analysis, page),
    ...(await counts(analysis, page, all)),
    ...(await details(analysis, page, all)),
    ...warningLines(analysis.warnings, page),
    all ? '' : page.paint.dim(`${more(analysis)} Everything there is: --format json.`),
  ])
}

/** What was asked for besides; each is loaded only where it is wanted. */
async function details(analysis: DetailedAnalysis, page: Page, all: boolean): Promise<string[]> {
  const { memory, receptiveField, executed, totals } = analysis
  const texts = [
    memory === undefined ? '' : (await import('./memory.js')).memoryText(memory, page, { all }),
    receptiveField === undefined
      ? ''
      : (await import('./receptive-field.js')).receptiveFieldText(receptiveField, page, { all }),
    executed === undefined ? '' : (await import('./executed.js')).executedText(executed, totals, page, all),
  ]
  return texts.map((text) => text.trimEnd())
}

/** What --all would add. */
const more = ({ convention, reconciliation }: DetailedAnalysis): string =>
  convention === undefined && reconciliation !== undefined
    ? 'Where each stands: --all; one in full: --convention NAME.'
    : 'Every layer: --all.'

/** The counts: ours, or those of the conventions that were asked for. */
async function counts(analysis: DetailedAnalysis, page: Page, all: boolean): Promise<string[]> {
  if (analysis.convention !== undefined || analysis.reconciliation !== undefined) {
    return (await import('./conventions.js')).conventionsTexts(analysis, page, all)
  }
  const layers = all ? (await import('./layers.js')).layersText(analysis, page) : ''
  return [indent(totals(analysis)), indent(published(analysis)), byOperator(analysis, page), layers]
}

/** `mobilenet-v2:width=0.5  input 1x3x224x224  opset 17`. */
export function heading({ model }: Pick<Analysis, 'model'>, { paint }: Page): string {
  const inputs = model.inputs.map((input) => `${visible(input.name)} ${shape(input.shape)}`)
  return [paint.bold(visible(model.spec ?? model.name)), ...inputs, `opset ${model.opset}`].join('  ')
}

function totals({ totals, coverage }: Analysis): string {
  const { macs, flops, params, buffers, paramBytes, readBytes, writeBytes } = totals
  const without = coverage.uncounted === 0 ? '' : ', uncounted nodes left out'
  const unsized = coverage.unsized === 0 ? '' : ', unknown sizes left out'
  const rows: readonly (readonly [string, string, string])[] = [
    ['MACs', count(macs), `${exact(macs)}${without}`],
    ...byType(totals.macsByType),
    ['FLOPs', count(flops), `${exact(flops)} (one MAC is two)${without}`],
    ['params', count(params), `${exact(params)}, ${bytes(paramBytes)} with ${count(buffers)} buffers`],
    ['memory', bytes(readBytes + writeBytes), `${bytes(readBytes)} read, ${bytes(writeBytes)} written${unsized}`],
    ['intensity', intensity(totals.arithmeticIntensity), 'FLOPs per byte'],
    ['activations', peak(totals.peakActivationBytes), 'the most alive at once'],
    [
      'coverage',
      `${coverage.nodes} ${coverage.nodes === 1 ? 'node' : 'nodes'}`,
      `${coverage.counted} counted, ${coverage.free} without arithmetic, ${coverage.uncounted} uncounted`,
    ],
  ]
  return rows.map(([name, short, detail]) => `${name.padEnd(11)}  ${short.padStart(9)}   ${detail}`).join('\n')
}

/** Which arithmetic the MACs are, where it is not all of float32. */
function byType(types: Analysis['totals']['macsByType']): (readonly [string, string, string])[] {
  const isPlain = types.every(({ types }) => types === 'float32 x float32')
  return isPlain ? [] : types.map(({ types, macs }) => ['', count(macs), `MACs of ${visible(types)}`])
}

/** What the paper says of this variant, and why that differs. */
function published({ published: paper }: Analysis): string {
  if (paper === null) return ''
  const figures = [
    paper.params === undefined ? '' : `${paper.params} params`,
    paper.macs === undefined ? '' : `${paper.macs} MACs`,
    paper.top1 === undefined ? '' : `top-1 ${paper.top1.toFixed(1)} %`,
    paper.map === undefined ? '' : `mAP ${paper.map.toFixed(1)} %`,
  ]
  const said = `published    ${figures.filter(Boolean).join(', ')} (${paper.source})`
  return paper.note === null ? said : `${said}\n             ${paper.note}`
}

const intensity = (value: number | null) => (value === null ? '?' : value.toFixed(2))
const peak = (value: number | null) => (value === null ? '?' : bytes(value))

/** Operators with any cost; the rest are one row. */
function byOperator({ byOp }: Analysis, page: Page): string {
  const costly = byOp.filter(
    ({ flops, params, readBytes, writeBytes }) =>
      flops === null || readBytes === null || writeBytes === null || flops + params + readBytes + writeBytes > 0,
  )
  const rows = costly.map(({ op, count: nodes, uncounted, macs, flops, params, readBytes, writeBytes }) => [
    shorten(op, 28),
    uncounted === 0 || uncounted === nodes ? String(nodes) : `${nodes}, ${uncounted} uncounted`,
    macs === null ? 'uncounted' : count(macs),
    flops === null ? 'uncounted' : count(flops),
    count(params),
    readBytes === null || writeBytes === null ? '?' : bytes(readBytes + writeBytes),
  ])
  if (rows.length === 0) return ''
  const titles = ['nodes', 'MACs', 'FLOPs', 'params', 'memory'].map(right)
  return columns([left('operator'), ...titles], rows, page)
}
