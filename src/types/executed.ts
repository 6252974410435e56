import type { Coverage, Totals } from './cost.js'

/** A node of the graph that onnxruntime executes, by what it costs there. */
export interface ExecutedLayer {
  readonly name: string
  readonly op: string
  readonly domain: string
  /** Names of the source layers that it stands for. */
  readonly nodes: readonly string[]
  /** True where onnxruntime added it: no source layer asked for it. */
  readonly inserted: boolean
  readonly outputShape: readonly number[] | null
  readonly macs: number | null
  readonly flops: number | null
  readonly readBytes: number | null
  readonly writeBytes: number | null
}

/** What a model costs after onnxruntime has folded, fused and re-laid it out: tensors inside a fused kernel do not move. */
export interface ExecutedCost {
  readonly provider: string
  readonly onnxruntime: string
  readonly totals: Totals
  readonly coverage: Coverage
  readonly layers: readonly ExecutedLayer[]
}
