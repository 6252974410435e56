import type { Basis, ExecutedKernel, Graph, GraphEdit, KernelClass, LayerCost, RuleInfo, Totals } from '../../types.js'
import type { Wiring } from './wiring.js'

/** A kernel that runs, or would. */
export interface LintKernel {
  readonly kernel: ExecutedKernel
  readonly class: KernelClass
  /** Indices of the layers it stands for. */
  readonly nodes: readonly number[]
  /** True where onnxruntime added it. */
  readonly inserted: boolean
  /** Null where onnxruntime does not tell. */
  readonly ms: number | null
}

/** The graph as executed, with times. */
export interface ExecutedModel {
  readonly basis: Basis
  /** The provider that was asked for. */
  readonly provider: string
  readonly latencyMs: number
  /** Channels of a block in onnxruntime's blocked layout on this machine. */
  readonly vectorBlock: number
  readonly kernels: readonly LintKernel[]
}

/** What a rule may look at. */
export interface LintContext {
  readonly graph: Graph
  /** By node of the graph. */
  readonly layers: readonly LayerCost[]
  readonly totals: Totals
  readonly wiring: Wiring
  /** Null where the graph alone is looked at. */
  readonly executed: ExecutedModel | null
}

/** What a rule found, before its cost is known. */
export interface Draft {
  /** Indices of layers, the main one first. */
  readonly nodes: readonly number[]
  /** Indices of the kernels whose time it is about, where they are not those of the layers; none where no time is. */
  readonly kernels?: readonly number[]
  readonly message: string
  readonly try: string
  /** The change that does away with it and keeps every output. */
  readonly fix?: Fix
}

export interface Fix {
  /** What the change is, for people. */
  readonly change: string
  readonly edit: GraphEdit
}

/** A lesson of the literature or of onnxruntime, as a check of any model. */
export interface LintRule extends RuleInfo {
  /** Why it cannot be checked with what is known; null where it can. */
  readonly unavailable?: (context: LintContext) => string | null
  readonly check: (context: LintContext) => readonly Draft[]
}

/** For rules about kernels. */
export const needsKernels = ({ executed }: LintContext): string | null =>
  executed === null ? 'it looks at the kernels that run, which --no-cost leaves out' : null

/** Kernels that compute these layers and nothing else: what is fused into another has no time of its own. */
export const kernelsOfTheirOwn = ({ executed }: LintContext, nodes: readonly number[]): number[] =>
  [...(executed?.kernels ?? []).entries()]
    .filter(([, kernel]) => kernel.nodes.length > 0 && kernel.nodes.every((index) => nodes.includes(index)))
    .map(([place]) => place)
