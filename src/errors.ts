/**
 * Every error a person can cause, or meet, that has an answer.
 *
 * `message` says what and where, `hint` what to do. The command line prints both and leaves with `exitCode`: 2 for bad
 * usage or bad input, 3 for what could not be done here.
 */
export class FlopgapError extends Error {
  readonly code: ErrorCode
  readonly hint: string | null
  readonly exitCode: number

  constructor(code: ErrorCode, message: string, hint: string | null = null) {
    super(message)
    this.name = 'FlopgapError'
    this.code = code
    this.hint = hint
    this.exitCode = exitCodes[code]
  }
}

const exitCodes = {
  'no-model': 2,
  'no-such-file': 2,
  'not-a-file': 2,
  'not-onnx': 2,
  'truncated-model': 2,
  'bad-external-data': 2,
  'rejected-model': 2,
  'too-large-model': 2,
  'free-dimensions': 2,
  'bad-shape': 2,
  'unknown-architecture': 2,
  'unknown-option': 2,
  'bad-option': 2,
  'unknown-convention': 2,
  'unknown-claim': 2,
  'unknown-guideline': 2,
  'unwritable-output': 2,
  'bad-replay': 2,
  'bad-config': 2,
  'unknown-rule': 2,
  'bad-resume': 2,
  'bad-baseline': 2,
  'no-baseline': 2,
  'nothing-to-compare': 2,
  'conflicting-results': 2,
  'unknown-provider': 2,
  'provider-unavailable': 3,
  'measuring-failed': 3,
  'outputs-differ': 3,
  'measuring-crashed': 3,
  interrupted: 130,
} as const

export type ErrorCode = keyof typeof exitCodes
