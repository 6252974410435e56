import { FlopgapError } from '../errors.js'

/** An error that says which of several models it is about. */
export const naming = (name: string, error: unknown): unknown =>
  error instanceof FlopgapError ? new FlopgapError(error.code, `${name}: ${error.message}`, error.hint) : error
