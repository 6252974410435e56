import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { FlopgapError } from '../errors.js'
import { writeAtomically } from '../output.js'
import { json } from '../report/json.js'
import type { ClaimsReport } from '../types.js'
import { emit, isJson } from './emit.js'
import { duration, outputFile, withThreads } from './options.js'
import { version } from './version.js'

interface ClaimsCommandOptions {
  readonly counted?: true
  readonly threads: number
  readonly maxTime?: number
  readonly resume?: true
  readonly all?: true
  readonly replay?: string
  readonly format?: 'table' | 'json' | 'markdown'
  readonly output?: string
}

export const claims = (program: Command): Command =>
  withThreads(program.command('claims'))
    .summary('check what the papers say, on this machine')
    .description(
      'Checks statements of the MobileNet, Xception, SENet, ShuffleNet and CondenseNet papers: counts what can be counted, runs by turns what has to be measured, and tells of each whether it holds, does not hold, or cannot be told.',
    )
    .argument('[ids...]', 'claims; all by default')
    .option('--counted', 'only those that counting decides: a second')
    .addOption(
      new Option(
        '--max-time <time>',
        'time to measure for in all, e.g. 2m; by default 7 minutes for all claims, and less for some',
      ).argParser(duration),
    )
    .option('--all', 'show every claim in detail')
    .option('--resume', 'keep what the file of -o holds already, and measure the rest')
    .addOption(
      new Option('--replay <file>', 'judge the measurements saved in a JSON report again, without measuring').conflicts(
        ['resume', 'threads', 'maxTime'],
      ),
    )
    .addOption(new Option('--format <format>', 'how the result is written').choices(['table', 'json', 'markdown']))
    .option(
      '-o, --output <file>',
      'write to a file; one that ends in .json is JSON by default, one in .md Markdown',
      (path: string) => (path === '-' ? path : outputFile(path)),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap claims --counted
  $ flopgap claims separable-cost mobilenet-v2-time
  $ flopgap claims -o claims.json --resume
  $ flopgap claims --replay claims.json -o claims.md`,
    )
    .action(async (ids: string[], options: ClaimsCommandOptions) => {
      const report = await reportOf(ids, options)
      const format = formatOf(options)
      const all = options.all === true || ids.length > 0
      await emit(
        {
          record: () => report,
          text: async (page) =>
            format === 'markdown'
              ? (await import('../report/claims-markdown.js')).claimsMarkdown(report)
              : (await import('../report/claims.js')).claimsText(report, page, { all }),
        },
        wanted(options),
      )
    })

/** A file's name tells where nothing else does. */
const formatOf = ({ format, output }: ClaimsCommandOptions): ClaimsCommandOptions['format'] =>
  format ?? (output?.endsWith('.md') ? 'markdown' : undefined)

async function reportOf(ids: readonly string[], options: ClaimsCommandOptions): Promise<ClaimsReport> {
  const { threads, maxTime: maxTimeMs, counted: countedOnly = false, replay } = options
  const [{ checkClaims, judgeClaims }, { readClaims, savedClaims }, { withProgress }] = await Promise.all([
    import('../pipeline/claims.js'),
    import('../pipeline/saved-claims.js'),
    import('./progress.js'),
  ])
  if (replay !== undefined) return judgeClaims(ids, countedOnly, savedClaims(replay))
  const file = resumable(options)
  return withProgress(
    (onProgress) =>
      checkClaims(ids, {
        ...{ countedOnly, threads, onProgress },
        ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
        ...(file === null ? {} : { resume: readClaims(file) }),
        onMeasured: (soFar, set) => keep(soFar, set, options),
      }),
    { timeLeft: true },
  )
}

/** The file with what is measured already; null where there is none yet, or nothing to resume. */
function resumable(options: ClaimsCommandOptions): string | null {
  const { resume, output } = options
  if (resume === undefined) return null
  if (output === undefined || !isJson(wanted(options))) {
    throw new FlopgapError('bad-option', '--resume needs a JSON file that holds the result', 'Add -o FILE.json.')
  }
  return existsSync(output) ? output : null
}

const wanted = (options: ClaimsCommandOptions) => {
  const format = formatOf(options)
  return { format: format === 'markdown' ? ('table' as const) : format, output: options.output }
}

/** Writes the report so far, so that an interrupt loses the set of models in hand and no other. */
async function keep(soFar: ClaimsReport, set: string, options: ClaimsCommandOptions): Promise<void> {
  const { output } = options
  const isKept = output !== undefined && output !== '-' && isJson(wanted(options))
  if (isKept) await writeAtomically(output, [json(version(), soFar)])
  if (process.stderr.isTTY) return
  const failed = soFar.failed.some((one) => one.set === set)
  process.stderr.write(`${failed ? 'failed' : 'measured'} ${set}, ${soFar.missing.length} claims left\n`)
}
