import type { LayerCost } from '../types.js'

/** A layer without others inside it, and how often it is counted. */
export interface Leaf {
  readonly layer: LayerCost
  readonly times: number
}

/** All layers that do not consist of others. */
export const leavesOf = (layers: readonly LayerCost[], times: number): Leaf[] =>
  layers.flatMap((layer) =>
    layer.bodies === undefined
      ? [{ layer, times }]
      : layer.bodies.flatMap((body) => leavesOf(body.layers, times * body.countedTimes)),
  )
