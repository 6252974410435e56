import type { Wiring } from './wiring.js'

/** Stands for the inputs of the graph. */
const root = -1

/**
 * By node, the node that all its data comes through: the nearest one that lies on every path from the inputs.
 *
 * @returns -1 where there is none but the inputs
 */
export function dominators(wiring: Wiring): number[] {
  const nearest: number[] = []
  const depth: number[] = []
  const depthOf = (node: number) => (node === root ? 0 : (depth[node] ?? 0))
  const above = (node: number) => nearest[node] ?? root
  const meet = (a: number, b: number): number => {
    let [x, y] = [a, b]
    while (x !== y) {
      if (depthOf(x) >= depthOf(y)) x = above(x)
      else y = above(y)
    }
    return x
  }
  for (const index of wiring.nodes.keys()) {
    const sources = wiring.data(index).map((name) => wiring.producer(name) ?? root)
    // what is made of constants alone, as after a Shape, says nothing of the data
    const found = sources.length === 0 ? root : sources.reduce(meet)
    nearest.push(found)
    depth.push(depthOf(found) + 1)
  }
  return nearest
}
