import { activation } from '../activation.js'
import { convolution } from '../convolution.js'
import { elementwiseOps } from '../elementwise.js'
import { matrix } from '../matrix.js'
import { movement } from '../movement.js'
import { normalization } from '../normalization.js'
import { pooling } from '../pooling.js'
import { quantization } from '../quantization.js'
import { reduction } from '../reduction.js'
import { resize } from '../resize.js'
import type { Cost, OpRule, Role, RuleInput, Shape } from '../rule.js'

/** The rules of ai.onnx that a fused operator is the sum of. */
const parts = [
  ...[convolution, matrix, elementwiseOps, activation, normalization, pooling, reduction, resize, movement].flat(),
  ...quantization,
]

/** The rule of an ai.onnx operator under other domains and names, for operators that are the same in another layout. */
export function adopt(domain: string, ops: readonly string[], details: Partial<OpRule> = {}): OpRule[] {
  return parts
    .filter((rule) => rule.ops.some((op) => ops.includes(op)))
    .map((rule) => ({ ...rule, ops: rule.ops.filter((op) => ops.includes(op)), domain, ...details }))
}

/** What an ai.onnx operator costs on `input`; null where that cannot be told. */
export function costOf(op: string, input: RuleInput): Cost | null {
  const cost = parts.find(({ ops }) => ops.includes(op))?.cost
  return cost === undefined || cost === 'free' ? null : cost(input)
}

/** Costs of parts that are fused; null where one of them is not known. */
export function sum(...costs: readonly (Cost | null)[]): Required<Cost> | null {
  const total = { macs: 0, flops: 0 }
  for (const cost of costs) {
    if (cost === null) return null
    total.macs += cost.macs ?? 0
    total.flops += cost.flops ?? 0
  }
  return total
}

/** As `input`, for an operator that sees only one tensor [y…] and the same attributes. */
export const mapOf = (input: RuleInput, y: Shape): RuleInput => ({
  ...input,
  inputs: [y],
  outputs: [y],
  x: y,
  w: [],
  b: undefined,
  y,
})

/** Roles of the inputs by position; those beyond are settings. */
export const roles =
  (...list: readonly Role[]) =>
  (index: number): Role =>
    list[index] ?? 'setting'

/** The input at `index` is there. */
export const has = ({ inputs }: RuleInput, index: number): boolean => inputs[index] !== undefined
