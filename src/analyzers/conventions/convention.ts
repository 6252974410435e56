import type { CountedNode } from '../cost.js'
import type { RuleInput } from '../ops/rule.js'
import type { Kind } from './kinds.js'

/** A counted node whose shapes are known. */
export interface Seen extends CountedNode {
  readonly input: RuleInput
}

/** What a convention counts for a node, apart so that each part can be named as a reason. */
export interface Amounts {
  /** Of the multiply-accumulates. */
  readonly macs?: number
  /** Of the additions of a bias. */
  readonly bias?: number
  /** Of counting each multiply-accumulate as two. */
  readonly doubled?: number
  /** Of everything else that the operator does: normalising, comparing, pooling. */
  readonly own?: number
}

export type Rule = (seen: Seen) => Amounts

/**
 * How a paper or a tool counts.
 *
 * Tools that read PyTorch count modules; here each operator stands for the module that it is exported from.
 */
export interface Convention {
  readonly name: string
  /** What it is, with the version that its rules are of. */
  readonly title: string
  /** What it calls its figure; several call multiply-accumulates FLOPs. */
  readonly unit: 'MACs' | 'FLOPs' | 'mult-adds'
  /** Where the rules stand. */
  readonly source: string
  /**
   * Which convolution of a strided bottleneck has the stride, where the source means networks of its own: `1x1` as ResNet
   * was published, `3x3` as torchvision has it. Null: whichever the model has.
   */
  readonly stride: '1x1' | '3x3' | null
  /** What it calls params: trained elements; these and BatchNorm's statistics; weights alone, without biases and BatchNorm. */
  readonly params: 'trained' | 'with-statistics' | 'weights'
  /**
   * What it counts by kind of node; a kind that is missing it counts as nothing. Only of `other`, the kinds that no rule
   * speaks of, the multiply-accumulates are taken as ours.
   */
  readonly rules: Readonly<Partial<Record<Kind, Rule>>>
}
