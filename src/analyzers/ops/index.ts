import { activation } from './activation.js'
import { convolution } from './convolution.js'
import { elementwiseOps } from './elementwise.js'
import { matrix } from './matrix.js'
import { movement } from './movement.js'
import { normalization } from './normalization.js'
import { pooling } from './pooling.js'
import { reduction } from './reduction.js'
import { resize } from './resize.js'
import type { OpRule } from './rule.js'

/** The families that convolutional networks are made of; all others are in rare.ts, which is loaded where a model needs it. */
const families: readonly (readonly OpRule[])[] = [
  convolution,
  matrix,
  elementwiseOps,
  activation,
  normalization,
  pooling,
  reduction,
  resize,
  movement,
]

const byName = new Map<string, OpRule>()

/** Makes rules known. */
export function addRules(rules: readonly OpRule[]): void {
  for (const rule of rules) for (const op of rule.ops) byName.set(`${rule.domain}:${op}`, rule)
}

addRules(families.flat())

/** The rule of an operator; undefined where there is none. */
export const ruleOf = (domain: string, op: string): OpRule | undefined => byName.get(`${domain}:${op}`)

/** Every operator that has a rule, as `domain:op`. */
export const operatorsWithRule = (): readonly string[] => [...byName.keys()]
