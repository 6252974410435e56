import { type Command, InvalidArgumentError, Option } from 'commander'
import { undoOnInterrupt } from '../interrupt.js'
import { writeAtomically } from '../output.js'
import { json } from '../report/json.js'
import type { GuidelinesReport, Scale, WidthSet } from '../types.js'
import { emit, isJson } from './emit.js'
import { duration, type OutputOptions, wholeNumber, withOutput, withSession } from './options.js'
import { version } from './version.js'

interface GuidelinesCommandOptions extends OutputOptions {
  readonly widths?: WidthSet | 'both'
  readonly scale?: readonly Scale[]
  readonly batch: number
  readonly provider: string
  readonly threads: number
  readonly maxTime: number
  readonly replay?: string
}

export const guidelines = (program: Command): Command =>
  withOutput(withSession(program.command('guidelines')))
    .summary("repeat ShuffleNet V2's experiments on this machine")
    .description(
      "Runs the networks of ShuffleNet V2's four experiments, which do equally many MACs, by turns, and tells whether its guidelines hold here: G1 equal channel widths, G2 few groups, G3 few fragments, G4 few element-wise operations.",
    )
    .argument('[guidelines...]', 'g1, g2, g3, g4; all by default')
    .addOption(
      new Option('--widths <set>', "the paper's widths for its GPU, for its ARM processor, or both").choices([
        'gpu',
        'arm',
        'both',
      ]),
    )
    .option(
      '--scale <1,2,4>',
      'channels times 1, 2 or 4, as in the paper; the time of a run grows 4 and 16 times',
      scales,
    )
    .option('--batch <images>', 'images in a batch', wholeNumber(1, 1024), 1)
    .addOption(
      new Option('--max-time <time>', 'time to measure each table for, e.g. 10s, 500ms, 2m')
        .argParser(duration)
        .default(10_000, '10s'),
    )
    .addOption(
      new Option('--replay <file>', 'judge the measurements saved in a JSON report again, without measuring').conflicts(
        ['batch', 'provider', 'threads', 'maxTime'],
      ),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap guidelines
  $ flopgap guidelines g1 g2 --widths gpu --threads 2
  $ flopgap guidelines g3 --scale 1,2,4 --max-time 1m -o g3.json
  $ flopgap guidelines --replay g3.json`,
    )
    .action(async (names: string[], options: GuidelinesCommandOptions) => {
      const [result, { guidelinesText }] = await Promise.all([
        resultOf(names, options),
        import('../report/guidelines.js'),
      ])
      await emit({ record: () => result, text: (page) => guidelinesText(result, page) }, options)
    })

/** `1,2,4`, or some of them. */
function scales(text: string): Scale[] {
  const values = text.split(',').map(Number)
  const known = ([1, 2, 4] as const).filter((scale) => values.includes(scale))
  if (known.length === values.length) return known
  throw new InvalidArgumentError('It is 1, 2 or 4, or several of them, e.g. 1,4.')
}

async function resultOf(names: readonly string[], options: GuidelinesCommandOptions): Promise<GuidelinesReport> {
  const { widths, scale, batch, provider, threads, maxTime: maxTimeMs, replay } = options
  const choice = {
    guidelines: names,
    widths: widths === 'both' || widths === undefined ? undefined : [widths],
    scales: scale,
  }
  if (replay !== undefined) {
    const { replayGuidelines } = await import('../pipeline/saved-guidelines.js')
    return replayGuidelines(replay, choice)
  }
  const [{ measureGuidelines }, { withProgress }] = await Promise.all([
    import('../pipeline/guidelines.js'),
    import('./progress.js'),
  ])
  // an interrupt between two tables, where nothing is to undo, ends like any other
  const done = undoOnInterrupt(() => {})
  return withProgress(
    (onProgress) =>
      measureGuidelines({
        ...choice,
        ...{ batch, provider, threads, maxTimeMs, onProgress },
        onMeasured: (soFar, planned) => keep(soFar, planned, options),
      }),
    { timeLeft: true },
  ).finally(done)
}

/** Writes the result so far, so that an interrupt loses the table in hand and no other. */
async function keep(soFar: GuidelinesReport, planned: number, { format, output }: OutputOptions): Promise<void> {
  const isKept = output !== undefined && output !== '-' && isJson({ format, output })
  if (isKept) await writeAtomically(output, [json(version(), soFar)])
  if (process.stderr.isTTY) return
  const { length } = soFar.tables
  const table = soFar.tables.at(-1)
  process.stderr.write(`measured ${table?.guideline} ${table?.widths} x${table?.scale}, ${length} of ${planned}\n`)
}
