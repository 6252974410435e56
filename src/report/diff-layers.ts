import type { LayerCost, LayerDiff, ValueChange } from '../types.js'
import { arrow, shapeChange, signed } from './change.js'
import { bytes, count, shape, shorten } from './format.js'
import { columns, left, type Page, right } from './page.js'

/**
 * Layers that changed, in graph order, with what each adds to the totals; runs of those that did not are one line, and so
 * are long runs that differ in names only.
 */
export function changedLayers(layers: readonly LayerDiff[], page: Page, { all }: { all: boolean }): string {
  const parts = all ? layers : runs(layers).flatMap((run) => (isShown(run) ? run : [run]))
  const shown = parts.filter((part): part is LayerDiff => !Array.isArray(part))
  const lines = shown.length === 0 ? [] : columns(titles(page), rows(shown, page), page).split('\n')
  const [head = '', ...body] = lines
  let next = 0
  const text = parts.flatMap((part) => {
    if (Array.isArray(part)) return [page.paint.dim(shorten(`    ${runText(part)}`, page.width))]
    const style = styleOf(part, page)
    return [style(body[next++] ?? ''), ...details(part, page)]
  })
  return [...(head === '' ? [] : [head]), ...text].join('\n')
}

/** Neighbours that can be told in one line. */
function runs(layers: readonly LayerDiff[]): LayerDiff[][] {
  const all: LayerDiff[][] = []
  for (const layer of layers) {
    const last = all.at(-1)
    const kind = runKind(layer)
    if (kind !== null && last?.[0] !== undefined && runKind(last[0]) === kind) last.push(layer)
    else all.push([layer])
  }
  return all
}

/** Layers of one kind can share a line; null where each has a line of its own. */
function runKind(layer: LayerDiff): string | null {
  const { status, moved } = layer
  if (isWeight(layer)) return `constants ${status}`
  return !moved && (status === 'unchanged' || status === 'renamed') ? status : null
}

/** A constant that comes, goes or changes its size does so with the layer that uses it. */
const isWeight = ({ before, after, differences }: LayerDiff): boolean =>
  (after ?? before)?.op === 'Constant' && differences.every(({ kind }) => kind !== 'setting')

/** Whether each layer of a run has a line of its own. */
const isShown = (run: readonly LayerDiff[]): boolean => {
  const [first] = run
  const kind = first === undefined ? null : runKind(first)
  return kind === null || (kind === 'renamed' && run.length <= fewRenamed)
}

const fewRenamed = 4

function runText(run: readonly LayerDiff[]): string {
  const [first, last] = [run[0], run.at(-1)]
  if (first === undefined || last === undefined) return ''
  const kind = runKind(first)
  return `${run.length} ${kind}${kind === 'renamed' ? `, ${renaming(first)} to ${renaming(last)}` : ''}`
}

const renaming = ({ before, after }: LayerDiff): string => `${before?.name} → ${after?.name}`

const marks = { unchanged: ' ', renamed: '=', changed: '~', added: '+', removed: '-' } as const

function styleOf({ status }: LayerDiff, { paint }: Page) {
  if (status === 'added') return paint.green
  if (status === 'removed') return paint.red
  return status === 'changed' ? paint.yellow : (text: string) => text
}

/** Shapes have a column of their own where there is room for it. */
const hasRoom = ({ width }: Page): boolean => width >= 90

const titles = (page: Page) => [
  left(''),
  left('layer'),
  left('operator'),
  ...(hasRoom(page) ? [left('output')] : []),
  ...['MACs', 'params', 'memory'].map(right),
]

/** Cells of each layer; names take what the other columns leave. */
function rows(layers: readonly LayerDiff[], page: Page): string[][] {
  const cells = layers.map((layer) => [
    shorten((layer.after ?? layer.before)?.op ?? '', page.width >= 80 ? 18 : 10),
    ...(hasRoom(page) ? [shorten(outputs(layer), 24)] : []),
    signed(layer.change.macs, count),
    signed(layer.change.params, count),
    signed(memoryChange(layer), bytes),
  ])
  const headed = [
    titles(page)
      .slice(2)
      .map(({ title }) => title),
    ...cells,
  ]
  const taken = (headed[0] ?? []).reduce((sum, _, column) => sum + 2 + widest(headed, column), 0)
  const room = Math.max(10, page.width - taken - markWidth)
  return layers.map(({ status, before, after }, index) => [
    marks[status],
    shorten((after ?? before)?.name ?? '', room),
    ...(cells[index] ?? []),
  ])
}

/** Of the margin, the mark and the gap after it. */
const markWidth = 5

const widest = (rows: readonly (readonly string[])[], column: number): number =>
  rows.reduce((most, row) => Math.max(most, [...(row[column] ?? '')].length), 0)

const outputs = ({ before, after }: LayerDiff): string =>
  shapeChange(shape((before ?? after)?.outputShape ?? null), shape((after ?? before)?.outputShape ?? null))

const memoryChange = ({ change: { readBytes, writeBytes } }: LayerDiff): number | null =>
  readBytes === null || writeBytes === null ? null : readBytes + writeBytes

/** What the columns do not show of a layer, in lines under it. */
function details(layer: LayerDiff, page: Page): string[] {
  const { before, after, moved, differences } = layer
  const values = differences.filter(({ kind, name }) => !(hasRoom(page) && kind === 'output' && name === 'output'))
  const said = [
    ...(before !== null && after !== null && before.name !== after.name ? [`was ${before.name}`] : []),
    ...(moved ? ['moved'] : []),
    ...values.map(valueText),
    ...figures(layer),
  ]
  return wrapped(
    said.map((text) => shorten(text, page.width - detailIndent)),
    page.width - detailIndent,
  ).map((line) => `${' '.repeat(detailIndent)}${line}`)
}

const detailIndent = 7

function valueText({ kind, name, before, after }: ValueChange): string {
  const absent = kind === 'setting' ? 'default' : 'none'
  const [a, b] = [shorten(before ?? absent, 40), shorten(after ?? absent, 40)]
  if (kind === 'output') return `${name} ${shapeChange(a, b)}`
  if (kind === 'type') return `${name} is ${arrow(a, b)}`
  return kind === 'input' ? `${name} from ${arrow(a, b)}` : `${name} ${arrow(a, b)}`
}

/** Figures without a column, where no column says that a layer changed. */
function figures(layer: LayerDiff): string[] {
  const { before, after, change } = layer
  if (before === null || after === null) return []
  const said = before.status === after.status ? [] : [arrow(statusText(before), statusText(after))]
  if (change.macs !== 0 || change.params !== 0 || memoryChange(layer) !== 0) return said
  if (change.flops) said.push(`FLOPs ${signed(change.flops, count)}`)
  if (change.buffers) said.push(`buffers ${signed(change.buffers, count)}`)
  if (change.paramBytes) said.push(`stored ${signed(change.paramBytes, bytes)}`)
  if (change.readBytes) said.push(`read ${signed(change.readBytes, bytes)}`)
  if (change.writeBytes) said.push(`written ${signed(change.writeBytes, bytes)}`)
  return said
}

const statusText = ({ status }: LayerCost): string => (status === 'free' ? 'without arithmetic' : status)

/** Texts joined by semicolons, in lines of at most `width` where each fits. */
function wrapped(texts: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const text of texts) {
    const last = lines.at(-1)
    const joined = `${last}; ${text}`
    if (last !== undefined && joined.length <= width) lines[lines.length - 1] = joined
    else lines.push(text)
  }
  return lines
}
