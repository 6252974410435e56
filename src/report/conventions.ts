import type { ConventionDetail, ConventionLayer, DetailedAnalysis } from '../types.js'
import { count, exact, shorten } from './format.js'
import { columns, indent, left, type Page, right } from './page.js'
import { labelOf, signed } from './reasons.js'
import { reconcileText } from './reconcile.js'

/** The counts of the conventions that were asked for: one in full, all in a table, or both. */
export function conventionsTexts(
  { convention, reconciliation, published }: DetailedAnalysis,
  page: Page,
  all: boolean,
): string[] {
  const one = convention === undefined ? [] : conventionTexts(convention, page, all)
  return reconciliation === undefined ? one : [...one, reconcileText(reconciliation, published, page, { all })]
}

/** One convention: its figure, why it is not our MACs, and the operators or layers by it. */
function conventionTexts(convention: ConventionDetail, page: Page, all: boolean): string[] {
  return [
    heading(convention, page),
    because(convention, page),
    byOperator(convention, page),
    layers(convention, page, all),
  ]
}

function heading({ name, title, unit, source, total, params }: ConventionDetail, { width }: Page): string {
  const rows = [
    [name, count(total), `${exact(total)} ${unit}`],
    ['params', count(params), exact(params)],
  ] as const
  const lines = rows.map(([key, short, detail]) => `${key.padEnd(11)}  ${short.padStart(9)}   ${detail}`)
  return indent([...lines, ...[title, source].map((text) => shorten(text, width - 2))].join('\n'))
}

function because({ name, total, difference, byReason }: ConventionDetail, page: Page): string {
  const rows = [
    ['our MACs', count(total - difference), ''],
    ...byReason.map((reason) => [labelOf(reason, page.width - 24), signed(reason.amount), String(reason.nodes)]),
    [name, count(total), ''],
  ]
  return columns([left('counted'), right('amount'), right('nodes')], rows, page)
}

function byOperator({ name, layers }: ConventionDetail, page: Page): string {
  const groups = new Map<string, ConventionLayer[]>()
  for (const layer of layers) groups.set(layer.op, [...(groups.get(layer.op) ?? []), layer])
  const rows = [...groups]
    .map(([op, group]) => ({ op, nodes: group.length, macs: sum(group, 'macs'), amount: sum(group, 'amount') }))
    .filter(({ macs, amount }) => macs !== 0 || amount !== 0)
    .sort((a, b) => (b.amount ?? 0) - (a.amount ?? 0))
    .map(({ op, nodes, macs, amount }) => [shorten(op, page.width - 38), String(nodes), cell(macs), cell(amount)])
  return columns([left('operator'), ...['nodes', 'our MACs', name].map(right)], rows, page)
}

/** Null where one of the layers is not known. */
const sum = (layers: readonly ConventionLayer[], figure: 'macs' | 'amount'): number | null =>
  layers.some((layer) => layer[figure] === null) ? null : layers.reduce((sum, layer) => sum + (layer[figure] ?? 0), 0)

function layers({ name, layers }: ConventionDetail, page: Page, all: boolean): string {
  if (!all) return ''
  const rows = layers.map((layer) => [
    shorten(layer.name, page.width - 46),
    shorten(layer.op, 17),
    cell(layer.macs),
    cell(layer.amount),
  ])
  return columns([left('layer'), left('operator'), right('our MACs'), right(name)], rows, page)
}

const cell = (value: number | null): string => (value === null ? 'uncounted' : count(value))
