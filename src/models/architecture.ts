import type { PublishedFigures } from '../types.js'
import type { Network, Value } from './builder.js'
import type { Options, OptionValue, ValuesOf } from './options.js'

/** One variant whose exact counts are known. */
export interface Variant {
  /** Options as in a spec, `width=0.5,resolution=160`; empty for the default. */
  readonly options: string
  /** Trainable elements, exactly. */
  readonly params: number
  /** Multiply-accumulates of convolutions and fully connected layers, exactly, at batch 1. */
  readonly macs: number
  readonly paper?: PublishedFigures
  /** Why the published figure differs from the exact one, where it does. */
  readonly note?: string
}

export interface Architecture {
  readonly name: string
  readonly title: string
  readonly year: number
  readonly source: string
  readonly options: Options
  readonly variants: readonly Variant[]
  /**
   * Writes the network down and returns its output, or the several of a detector.
   *
   * @throws Unbuildable where the values together make no network
   */
  readonly build: (net: Network, values: Readonly<Record<string, OptionValue>>) => Value | readonly Value[]
}

/** Declares an architecture; `build` sees its options' values with their types. */
export const architecture = <O extends Options>(
  definition: Omit<Architecture, 'options' | 'build'> & {
    readonly options: O
    readonly build: (net: Network, values: ValuesOf<O>) => Value | readonly Value[]
  },
): Architecture => ({
  ...definition,
  build: (net, values) => definition.build(net, values as ValuesOf<O>),
})
