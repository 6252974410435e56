import type { FigureChange, ModelDiff, ModelIdentity, OpDiff, ValueChange } from '../types.js'
import { arrow, signed } from './change.js'
import { changedLayers } from './diff-layers.js'
import { bytes, count, exact, percent, shape, shorten, visible } from './format.js'
import { columns, indent, left, type Page, paragraphs, right, warningLines } from './page.js'

/** A diff for a terminal: what is compared, totals side by side, operators and layers that changed, in graph order. */
export function diffText(diff: ModelDiff, page: Page, { all }: { all: boolean }): string {
  const { counts } = diff
  const isListed = all || counts.changed + counts.added + counts.removed + counts.renamed + counts.moved > 0
  return paragraphs([
    heading(diff, page),
    diff.equal ? page.paint.bold(verdict(diff)) : totals(diff, page),
    diff.equal ? '' : byOperator(diff, page),
    isListed ? `${indent(summary(diff))}\n\n${changedLayers(diff.layers, page, { all })}` : '',
    ...warningLines(diff.warnings, page),
    all || diff.equal ? '' : page.paint.dim('Every layer: --all. Everything there is: --format json.'),
  ])
}

function heading(diff: ModelDiff, page: Page): string {
  const { paint } = page
  const names = `${paint.bold(nameOf(diff.before))} → ${paint.bold(nameOf(diff.after))}`
  const lines = diff.interface.map((change) => indent(shorten(interfaceLine(change), page.width - 2)))
  return [`${names}${common(diff)}`, ...lines].join('\n')
}

const nameOf = ({ spec, name }: ModelIdentity): string => visible(spec ?? name)

/** What both have: inputs and opset where nothing of them differs. */
function common({ after, interface: changes }: ModelDiff): string {
  const has = (kind: ValueChange['kind']) => changes.some((change) => change.kind === kind)
  const inputs = has('input') ? [] : after.inputs.map((input) => `${visible(input.name)} ${shape(input.shape)}`)
  return [...['', ...inputs], ...(has('opset') ? [] : [`opset ${after.opset}`])].join('  ')
}

function interfaceLine({ kind, name, before, after }: ValueChange): string {
  if (before === null) return `${kind} ${name} added: ${after}`
  if (after === null) return `${kind} ${name} removed: ${before}`
  return `${kind} ${name}: ${before} → ${after}`
}

function verdict({ counts }: ModelDiff): string {
  const { renamed, moved } = counts
  if (renamed + moved === 0) return 'No difference.'
  const but = [renamed > 0 ? `the names of ${layers(renamed)}` : '', moved > 0 ? `the order of ${layers(moved)}` : '']
  return `No difference but ${but.filter(Boolean).join(' and ')}.`
}

const layers = (value: number): string => `${exact(value)} ${value === 1 ? 'layer' : 'layers'}`

type Format = (value: number) => string

function totals({ totals }: ModelDiff, page: Page): string {
  const ratio: Format = (value) => value.toFixed(2)
  const rows: readonly (readonly [string, FigureChange, Format])[] = [
    ['MACs', totals.macs, count],
    ['FLOPs', totals.flops, count],
    ['params', totals.params, count],
    ['buffers', totals.buffers, count],
    ['bytes of both', totals.paramBytes, bytes],
    ['read', totals.readBytes, bytes],
    ['written', totals.writeBytes, bytes],
    ['intensity', totals.arithmeticIntensity, ratio],
    ['activations', totals.peakActivationBytes, bytes],
    ['nodes', totals.nodes, exact],
  ]
  const cells = rows.map(([name, figure, format]) => [
    name,
    figure.before === null ? '?' : format(figure.before),
    figure.after === null ? '?' : format(figure.after),
    signed(figure.change, format),
    share(figure),
  ])
  return columns([left('total'), right('before'), right('after'), right('change'), right('')], cells, page)
}

const share = ({ relative }: FigureChange): string =>
  relative === null ? '' : signed(relative, (value) => percent(value))

/** Operators with any change. */
function byOperator({ byOp }: ModelDiff, page: Page): string {
  const changed = byOp.filter(({ op: _, ...figures }) =>
    Object.values(figures).some(({ before, after }) => before !== after),
  )
  if (changed.length === 0) return ''
  const rows = changed.map((op) => [
    shorten(op.op, Math.max(10, Math.min(28, page.width - 50))),
    arrow(String(op.nodes.before), String(op.nodes.after)),
    uncountedOr(op.macs, count),
    uncountedOr(op.flops, count),
    signed(op.params.change, count),
    signed(memory(op), bytes),
  ])
  return columns([left('operator'), ...['nodes', 'MACs', 'FLOPs', 'params', 'memory'].map(right)], rows, page)
}

const uncountedOr = ({ change }: FigureChange, format: Format): string =>
  change === null ? 'uncounted' : signed(change, format)

const memory = ({ readBytes, writeBytes }: OpDiff): number | null =>
  readBytes.change === null || writeBytes.change === null ? null : readBytes.change + writeBytes.change

/** `2 layers added, 1 removed, 12 changed, 3 renamed, 140 unchanged; 1 moved`. */
function summary({ counts }: ModelDiff): string {
  const { added, removed, changed, renamed, unchanged, moved } = counts
  const parts = [`${layers(added)} added`, `${exact(removed)} removed`, `${exact(changed)} changed`]
  if (renamed > 0) parts.push(`${exact(renamed)} renamed`)
  parts.push(`${exact(unchanged)} unchanged`)
  return `${parts.join(', ')}${moved > 0 ? `; ${exact(moved)} moved` : ''}`
}
