import { visible } from '../report/format.js'

/** Tells on standard error what went wrong, and what to do. */
export function tell(message: string, hint: string | null): void {
  process.stderr.write(`flopgap: ${visible(message)}\n${hint === null ? '' : `  ${visible(hint)}\n`}`)
}
