import { activation } from './activation.js'
import { contrib } from './contrib/index.js'
import { convolution } from './convolution.js'
import { elementwiseOps } from './elementwise.js'
import { matrix } from './matrix.js'
import { movement } from './movement.js'
import { normalization } from './normalization.js'
import { pooling } from './pooling.js'
import { reduction } from './reduction.js'
import { resize } from './resize.js'
import type { OpRule } from './rule.js'

/** Every operator family; a new one is a file here and a line in this list. */
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
  contrib,
]

const byName = new Map<string, OpRule>(
  families.flat().flatMap((rule) => rule.ops.map((op): [string, OpRule] => [`${rule.domain}:${op}`, rule])),
)

/** The rule of an operator; undefined where there is none. */
export const ruleOf = (domain: string, op: string): OpRule | undefined => byName.get(`${domain}:${op}`)

/** Every operator that has a rule, as `domain:op`. */
export const operatorsWithRule = (): readonly string[] => [...byName.keys()]
