import { writeAtomically } from '../output.js'
import { json } from '../report/json.js'
import { type Page, type Paint, plain } from '../report/page.js'
import type { OutputOptions } from './options.js'
import { version } from './version.js'

/** A command's result: the record, and how it looks on a terminal; only the one that is wanted is made. */
export interface Result {
  readonly record: () => object | Promise<object>
  readonly text: (page: Page) => string | Promise<string>
}

/** `--format` and `-o` as they were given, or not. */
interface Wanted {
  readonly format?: OutputOptions['format'] | undefined
  readonly output?: string | undefined
}

const isFile = (output: string | undefined): output is string => output !== undefined && output !== '-'

/** Whether a result is written as JSON; a file's name tells where nothing else does. */
export const isJson = ({ format, output }: Wanted): boolean =>
  format === undefined ? isFile(output) && output.endsWith('.json') : format === 'json'

/**
 * Writes a result where and as the person asked for it.
 *
 * @throws FlopgapError `unwritable-output`
 */
export async function emit(result: Result, { format, output }: Wanted): Promise<void> {
  const toFile = isFile(output)
  const text = isJson({ format, output })
    ? json(version(), await result.record())
    : await result.text(toFile ? plainPage : await terminalPage())
  if (toFile) await writeAtomically(output, [text])
  else process.stdout.write(text)
}

/** Text that goes to a file or a pipe. */
const plainPage: Page = { width: 100, paint: plain }

const [narrowest, widest] = [60, 160]

const terminalPage = async (): Promise<Page> => ({
  width: process.stdout.isTTY ? Math.max(narrowest, Math.min(process.stdout.columns, widest)) : plainPage.width,
  paint: await paint(),
})

/** Colour where a terminal can show it or FORCE_COLOR asks for it; NO_COLOR turns it off, whatever else is set. */
async function paint(): Promise<Paint> {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR || (!process.stdout.isTTY && FORCE_COLOR === undefined)) return plain
  const { default: chalk } = await import('chalk')
  return chalk
}
