import type { ExecutedCost, ExecutedLayer, Totals } from '../types.js'
import { bytes, count, shape, shorten } from './format.js'
import { columns, indent, left, type Page, paragraphs, right } from './page.js'

/** What onnxruntime makes of a model, beside the model as written; with `all` every kernel. */
export function executedText(executed: ExecutedCost, written: Totals, page: Page, all: boolean): string {
  return paragraphs([heading(executed, written), byOperator(executed, page), all ? kernels(executed, page) : ''])
}

function heading({ layers, totals, provider, onnxruntime }: ExecutedCost, written: Totals): string {
  const moved = totals.readBytes + totals.writeBytes
  const before = written.readBytes + written.writeBytes
  const inserted = layers.filter((layer) => layer.inserted).length
  const rows = [
    ['as executed', `${layers.length} kernels`, `${provider}, onnxruntime ${onnxruntime}; ${inserted} inserted by it`],
    ['memory', bytes(moved), `${bytes(totals.readBytes)} read, ${bytes(totals.writeBytes)} written`],
    ['saved', bytes(before - moved), `of ${bytes(before)} as written: tensors inside fused kernels do not move`],
  ] as const
  return indent(rows.map(([name, short, detail]) => `${name.padEnd(11)}  ${short.padStart(10)}   ${detail}`).join('\n'))
}

const macs = (value: number | null): string => (value === null ? 'uncounted' : count(value))

const moved = ({ readBytes, writeBytes }: ExecutedLayer): number => (readBytes ?? 0) + (writeBytes ?? 0)

function byOperator({ layers }: ExecutedCost, page: Page): string {
  const groups = new Map<string, ExecutedLayer[]>()
  for (const layer of layers) {
    const name = layer.domain === '' ? layer.op : `${layer.domain}.${layer.op}`
    groups.set(name, [...(groups.get(name) ?? []), layer])
  }
  const rows = [...groups]
    .map(([op, group]) => ({
      op,
      kernels: group.length,
      nodes: new Set(group.flatMap(({ nodes }) => nodes)).size,
      macs: group.every(({ macs }) => macs !== null) ? group.reduce((sum, { macs }) => sum + (macs ?? 0), 0) : null,
      bytes: group.reduce((sum, layer) => sum + moved(layer), 0),
    }))
    .sort((a, b) => b.bytes - a.bytes)
    .map((row) => [shorten(row.op, 44), `${row.kernels}`, `${row.nodes}`, macs(row.macs), bytes(row.bytes)])
  return columns([left('kernel'), ...['kernels', 'source nodes', 'MACs', 'memory'].map(right)], rows, page)
}

function kernels({ layers }: ExecutedCost, page: Page): string {
  const rows = layers.map((layer) => [
    shorten(layer.inserted ? `(${layer.op} inserted)` : named(layer), Math.max(20, page.width - 56)),
    shorten(layer.op, 20),
    shape(layer.outputShape),
    macs(layer.macs),
    bytes(moved(layer)),
  ])
  return columns([left('kernel'), left('operator'), left('output'), right('MACs'), right('memory')], rows, page)
}

/** `block1/conv +2`: the first source layer, and how many more. */
const named = ({ nodes, name, op }: ExecutedLayer): string => {
  const [first = name || op, ...others] = nodes
  return others.length === 0 ? first : `${first} +${others.length}`
}
