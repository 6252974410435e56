import { attentions } from './attention.js'
import { contrib } from './contrib/index.js'
import { detection } from './detection.js'
import { einsums } from './einsum.js'
import { legacy } from './legacy.js'
import { losses } from './loss.js'
import { quantization } from './quantization.js'
import { random } from './random.js'
import { recurrentOps } from './recurrent.js'
import type { OpRule } from './rule.js'
import { sequence } from './sequence.js'
import { signal } from './signal.js'
import { text } from './text.js'

/** Every operator family that index.ts does not have; a new one is a file here and a line in this list. */
export const rareRules: readonly OpRule[] = [
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
  contrib,
].flat()
