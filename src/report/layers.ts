import type { Analysis, BodyCost, LayerCost } from '../types.js'
import { bytes, count, shape, shorten } from './format.js'
import { left, type Page, right } from './page.js'
import { table } from './table.js'

/** Every layer of an analysis, those inside other layers under them, for a terminal. */
export function layersText({ layers }: Analysis, page: Page): string {
  const titles = ['MACs', 'FLOPs', 'params', 'memory'].map(right)
  const rows = layers.flatMap((layer) => rowsOf(layer, '', page))
  if (rows.length === 0) return ''
  return table([left('layer'), left('operator'), left('output'), ...titles], rows, page)
}

function rowsOf(layer: LayerCost, margin: string, page: Page): string[][] {
  const row = [
    margin + shorten(layer.name, Math.max(16, page.width - 74 - margin.length)),
    shorten(layer.op, 20),
    shape(layer.outputShape) + source(layer),
    cell(layer, layer.macs),
    cell(layer, layer.flops),
    count(layer.params),
    layer.readBytes === null || layer.writeBytes === null ? '?' : bytes(layer.readBytes + layer.writeBytes),
  ]
  const inside = (layer.bodies ?? []).flatMap((body) => [
    [`${margin}  ${shorten(body.name, 20)}, ${often(body)}`, '', '', '', '', '', ''],
    ...body.layers.flatMap((inner) => rowsOf(inner, `${margin}    `, page)),
  ])
  return [row, ...inside]
}

/** How a shape is known that onnxruntime did not infer. */
function source({ outputShape, shapesFrom }: LayerCost): string {
  if (outputShape === null || shapesFrom === 'inferred' || shapesFrom === 'unknown') return ''
  return shapesFrom === 'declared' ? ' as declared' : ' as run'
}

function often({ times, countedTimes }: BodyCost): string {
  if (times === null) return 'counted once'
  if (countedTimes === 0) return 'not counted'
  return times === 1 ? 'once' : `${times} times`
}

/** A free layer's zero and an unknown are told apart. */
function cell({ status }: LayerCost, value: number | null): string {
  if (value === null) return 'uncounted'
  return status === 'free' ? '-' : count(value)
}
