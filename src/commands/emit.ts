import { Chalk, type ChalkInstance, supportsColor } from 'chalk'
import { writeAtomically } from '../output.js'
import { json } from '../report/json.js'
import type { Page } from '../report/page.js'
import type { OutputOptions } from './options.js'
import { version } from './version.js'

/** A command's result: the record, and how it looks on a terminal. */
export interface Result {
  readonly record: object
  readonly text: (page: Page) => string
}

/**
 * Writes a result where and as the person asked for it.
 *
 * @throws FlopgapError `unwritable-output`
 */
export async function emit(result: Result, { format, output }: OutputOptions): Promise<void> {
  const toFile = output !== undefined && output !== '-'
  const isJson = format === undefined ? toFile && output.endsWith('.json') : format === 'json'
  const text = isJson ? json(version(), result.record) : result.text(toFile ? filePage : terminalPage())
  if (toFile) await writeAtomically(output, [text])
  else process.stdout.write(text)
}

/** Width of text that goes to a file or a pipe. */
const plainWidth = 100

const filePage: Page = { width: plainWidth, paint: new Chalk({ level: 0 }) }

const terminalPage = (): Page => ({
  width: process.stdout.isTTY ? Math.max(60, Math.min(process.stdout.columns, 160)) : plainWidth,
  paint: paint(),
})

/** Colour as the terminal can show it; NO_COLOR turns it off, whatever else is set. */
function paint(): ChalkInstance {
  const off = process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== ''
  return new Chalk({ level: off || supportsColor === false ? 0 : supportsColor.level })
}
