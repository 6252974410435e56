import { activation } from './activation.js'
import { attentions } from './attention.js'
import { convolution } from './convolution.js'
import { detection } from './detection.js'
import { einsums } from './einsum.js'
import { elementwiseOps } from './elementwise.js'
import { legacy } from './legacy.js'
import { losses } from './loss.js'
import { matrix } from './matrix.js'
import { movement } from './movement.js'
import { normalization } from './normalization.js'
import { pooling } from './pooling.js'
import { quantization } from './quantization.js'
import { random } from './random.js'
import { recurrentOps } from './recurrent.js'
import { reduction } from './reduction.js'
import { resize } from './resize.js'
import type { OpRule } from './rule.js'
import { sequence } from './sequence.js'
import { signal } from './signal.js'
import { text } from './text.js'

/** Every operator family of ai.onnx; a new one is a file here and a line in this list. */
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
  attentions,
  detection,
  einsums,
  legacy,
  losses,
  quantization,
  random,
  recurrentOps,
  sequence,
  signal,
  text,
]

const byName = new Map<string, OpRule>()

/** Makes rules known; those of onnxruntime's own operators, half of all, are loaded where a model has such. */
export function addRules(rules: readonly OpRule[]): void {
  for (const rule of rules) for (const op of rule.ops) byName.set(`${rule.domain}:${op}`, rule)
}

addRules(families.flat())

/** The rule of an operator; undefined where there is none. */
export const ruleOf = (domain: string, op: string): OpRule | undefined => byName.get(`${domain}:${op}`)

/** Every operator that has a rule, as `domain:op`. */
export const operatorsWithRule = (): readonly string[] => [...byName.keys()]
