import { ruleOf } from '../ops/index.js'
import { apart, elementwise } from './elementwise.js'
import { mixing } from './mixing.js'
import { movement } from './movement.js'
import { reshapes } from './reshape.js'
import { resizing } from './resize.js'
import type { FieldRule } from './rule.js'
import { windowed } from './windowed.js'

/** Every operator family; a new one is a file here and a line in this list. */
const families: readonly (readonly FieldRule[])[] = [windowed, resizing, apart, mixing, movement, reshapes]

const byName = new Map<string, FieldRule>(
  families.flat().flatMap((rule) => rule.ops.map((op): [string, FieldRule] => [`${rule.domain}:${op}`, rule])),
)

/** How an operator changes what its outputs see of the image; undefined where that is not known. */
export const fieldRuleOf = (domain: string, op: string): FieldRule | undefined =>
  byName.get(`${domain}:${op}`) ?? (ruleOf(domain, op)?.kernelClass === 'elementwise' ? elementwise : undefined)

const readsWindows = new Set(windowed.flatMap(({ domain, ops }) => ops.map((op) => `${domain}:${op}`)))

/** Whether an operator takes the axes behind the second for the image's own: convolutions and poolings. */
export const isWindowed = (domain: string, op: string): boolean => readsWindows.has(`${domain}:${op}`)
