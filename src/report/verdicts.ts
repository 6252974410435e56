import type { GuidelineVerdict } from '../types.js'

/** Verdicts in words; colour may only underline them. */
export const verdicts: Readonly<Record<GuidelineVerdict, string>> = {
  holds: 'holds',
  'does-not-hold': 'does not hold',
  'cannot-tell': 'cannot tell',
}
