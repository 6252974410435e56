import { conventions } from '../../analyzers/conventions/index.js'
import { countBy } from '../../analyzers/conventions/reconcile.js'
import { relativeSpeed } from '../../analyzers/latency.js'
import type { Analysis, ConventionCount, Estimate, Graph, InterleavedRuns, LayerCost } from '../../types.js'

/** A model as counted. */
export interface CountedModel {
  readonly graph: Graph
  readonly analysis: Analysis
}

/** What claims are judged by: models as counted, and runs by turns of one set of models. */
export class Evidence {
  readonly #counted: ReadonlyMap<string, CountedModel>
  readonly #runs: readonly InterleavedRuns[]

  constructor(counted: ReadonlyMap<string, CountedModel>, runs: readonly InterleavedRuns[]) {
    this.#counted = counted
    this.#runs = runs
  }

  graph = (label: string): Graph => this.#model(label).graph

  macs = (label: string): number => this.#model(label).analysis.totals.macs

  params = (label: string): number => this.#model(label).analysis.totals.params

  flops = (label: string): number => this.#model(label).analysis.totals.flops

  /** Layers whose names a pattern finds. */
  layers = (label: string, name = /(?:)/): readonly LayerCost[] =>
    this.#model(label).analysis.layers.filter((layer) => name.test(layer.name))

  /** As a paper counts. */
  by = (convention: string, label: string): ConventionCount => {
    const found = conventions.find(({ name }) => name === convention)
    if (found === undefined) throw new Error(`there is no convention ${convention}`)
    return countBy(this.graph(label), found)
  }

  /** Time of one model over that of another. */
  time = (label: string, { over }: { over: string }): Estimate => relativeSpeed(this.#ran(label), this.#ran(over))

  #model(label: string): CountedModel {
    const found = this.#counted.get(label)
    if (found === undefined) throw new Error(`${label} is not counted`)
    return found
  }

  #ran(label: string): InterleavedRuns {
    const found = this.#runs.find((runs) => runs.label === label)
    if (found === undefined) throw new Error(`${label} was not run`)
    return found
  }
}

export const sum = (layers: readonly LayerCost[], figure: 'macs' | 'flops' | 'params'): number =>
  layers.reduce((total, layer) => total + (layer[figure] ?? 0), 0)

/** A figure that rises with an estimate, with its interval. */
export const rising = ({ point, lower, upper, confidenceLevel }: Estimate, f: (value: number) => number): Estimate => ({
  point: f(point),
  lower: f(lower),
  upper: f(upper),
  confidenceLevel,
})

/** A figure that falls where an estimate rises. */
const falling = ({ lower, upper, ...rest }: Estimate, f: (value: number) => number): Estimate =>
  rising({ ...rest, lower: upper, upper: lower }, f)

/** Percent of the time that is gone where something is left out, from what is left of it. */
export const shareWithout = (left: Estimate): Estimate => falling(left, (ratio) => 100 * (1 - ratio))
