import { Network, type Value } from '../../models/builder.js'
import type { Expectation, Model, Scale, WidthSet } from '../../types.js'

/** A row of a table as the paper prints it. */
export interface Row {
  readonly variant: string
  /** Channels at x1. */
  readonly channels: Readonly<Record<WidthSet, number>>
  /** Speeds at x1, x2 and x4: batches a second on the GPU, images a second on the ARM processor. */
  readonly published: Readonly<Record<WidthSet, readonly [x1: number, x2: number, x4: number]>>
}

export interface BuildOptions {
  readonly widths: WidthSet
  readonly scale: Scale
  readonly batch: number
}

/** One of the paper's controlled experiments: networks that differ in one thing and do equally many MACs. */
export interface Guideline {
  readonly id: string
  /** The guideline in the paper's words. */
  readonly title: string
  readonly source: string
  /** How the other rows run beside the first, if the guideline holds. */
  readonly expectation: Expectation
  readonly rows: readonly [Row, ...Row[]]
  readonly build: (row: Row, options: BuildOptions) => Model
}

/** Declares an experiment; `build` sees its own kind of rows. */
export const guideline = <R extends Row>(
  definition: Omit<Guideline, 'rows' | 'build'> & {
    readonly rows: readonly [R, ...R[]]
    readonly build: (row: R, options: BuildOptions) => Model
  },
): Guideline => ({ ...definition, build: (row, options) => definition.build(row as R, options) })

const side = 56
const blocks = 10

/** Of the weights of a convolution that no ReLU follows: activations keep their size. */
export const linear = 1 / 2

/**
 * A block ten times over feature maps [batch, channels, 56, 56], as all four experiments stack theirs. Their mean is
 * the output: handing all of them over would take time of its own, and more for wider networks.
 */
export function stacked(
  name: string,
  { batch, channels }: { readonly batch: number; readonly channels: number },
  block: (net: Network, x: Value) => Value,
): Model {
  const net = new Network()
  let x = net.input(batch, channels, side, side)
  for (let index = 1; index <= blocks; index++) {
    const input = x
    x = net.scope(`block${index}`, () => block(net, input))
  }
  return net.finish(name, name, [net.globalAveragePool(x)])
}
