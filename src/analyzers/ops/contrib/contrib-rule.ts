import { type OpRule, rule } from '../rule.js'

type Details = Parameters<typeof rule>[1] & Required<Pick<OpRule, 'formula'>>

/** A rule for operators of com.microsoft, which must say its formula. */
export const contribRule = (ops: readonly string[], details: Details): OpRule =>
  rule(ops, { domain: 'com.microsoft', ...details })
