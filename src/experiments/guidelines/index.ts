import { FlopgapError } from '../../errors.js'
import { g1 } from './g1.js'
import { g2 } from './g2.js'
import { g3 } from './g3.js'
import { g4 } from './g4.js'
import type { Guideline } from './guideline.js'

/**
 * The experiments behind ShuffleNet V2's four guidelines, in the paper's order.
 *
 * Its tables do not say how many images a batch is. One: with eight, as its networks have on the GPU (Table 8), the speeds
 * of Table 2 would be 10 TMAC/s and more, and a GTX 1080 Ti can do 5.7.
 * @see Ma et al., ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design, ECCV 2018, section 2; the
 *   figures were checked against two transcriptions of arXiv 1807.11164v1
 */
export const guidelines: readonly Guideline[] = [g1, g2, g3, g4]

/** @throws FlopgapError `unknown-guideline` */
export function guidelineNamed(name: string): Guideline {
  const found = guidelines.find(({ id }) => id === name.toLowerCase())
  if (found !== undefined) return found
  const ids = guidelines.map(({ id }) => id).join(', ')
  throw new FlopgapError('unknown-guideline', `there is no guideline ${JSON.stringify(name)}`, `There are ${ids}.`)
}
