import type { Analysis, LayerCost } from '../types.js'
import { bytes, count, shape, shorten } from './format.js'
import { left, type Page, right } from './page.js'
import { table } from './table.js'

/** Every layer of an analysis, for a terminal. */
export function layersText({ layers }: Analysis, page: Page): string {
  const rows = layers.map((layer) => [
    shorten(layer.name, Math.max(16, page.width - 74)),
    shorten(layer.op, 20),
    shape(layer.outputShape),
    cell(layer, layer.macs),
    cell(layer, layer.flops),
    count(layer.params),
    layer.readBytes === null || layer.writeBytes === null ? '?' : bytes(layer.readBytes + layer.writeBytes),
  ])
  const titles = ['MACs', 'FLOPs', 'params', 'memory'].map(right)
  return table([left('layer'), left('operator'), left('output'), ...titles], rows, page)
}

/** A free layer's zero and an unknown are told apart. */
function cell({ status }: LayerCost, value: number | null): string {
  if (value === null) return 'uncounted'
  return status === 'free' ? '-' : count(value)
}
