import { type Command, InvalidArgumentError, Option } from 'commander'
import { FlopgapError } from '../errors.js'
import { defaultThreshold, shareOf } from '../gate/rules.js'
import { undoOnInterrupt } from '../interrupt.js'
import type { GateReport } from '../types.js'
import { emit } from './emit.js'
import { formats } from './gate-formats.js'
import { type BindingOptions, bindingOf, duration, keepModel, outputFile, withBinding, withSession } from './options.js'
import { tell } from './tell.js'

interface GateCommandOptions extends BindingOptions {
  readonly config?: string
  readonly baseline?: string
  readonly against?: string
  readonly partial?: true
  readonly allowMissingBaseline?: true
  readonly strict?: true
  readonly expectFail?: true
  readonly static?: true
  readonly threshold?: number
  readonly maxTime: number
  readonly provider: string
  readonly threads: number
  readonly selfcheck?: true
  readonly replay?: string
  readonly format?: string
  readonly output?: string
  readonly all?: true
}

export const gate = (program: Command): Command =>
  withSession(withBinding(program.command('gate')))
    .summary('fail where a model got slower or larger than it was, for CI')
    .description(
      'Compares every counted figure of models exactly with a baseline or an older model, or with limits, and says which layers changed it. Latency is measured by turns with the older model, and fails only where a second process sees it too. docs/gate.md tells how it judges.',
    )
    .argument('[models...]', 'architectures or ONNX files; by default those of the configuration')
    .option('--config <file>', 'the configuration; by default flopgap.config.json here or in a folder above')
    .option('--baseline <file>', 'compare with what flopgap baseline wrote (default: flopgap.baseline.json)')
    .option('--against <model>', 'compare with this model, or with the files of the same paths in this folder')
    .option('--partial', 'judge the named models alone: others in the baseline are not missed')
    .option('--allow-missing-baseline', 'pass where there is no baseline yet, judging limits alone')
    .option('--static', 'judge what is counted alone: nothing is run')
    .option('--threshold <share>', 'how much longer a model may take (default: 5%)', parseThreshold)
    .addOption(
      new Option('--max-time <time>', 'time to measure each model for').argParser(duration).default(60_000, '60s'),
    )
    .option('--strict', 'leave with 4 where something could not be told')
    .option('--expect-fail', 'leave with 0 only where the gate fails, to prove that it would')
    .option('--selfcheck', 'hold a model against itself: how well this machine judges, and with what threshold')
    .option('--replay <file>', 'show a saved JSON report of gate again; nothing is judged anew')
    .addOption(new Option('--format <format>', 'how the report is written').choices(['json', ...Object.keys(formats)]))
    .option('-o, --output <file>', 'write to a file; one that ends in .json is JSON by default', (path: string) =>
      path === '-' ? path : outputFile(path),
    )
    .option('--all', 'show every check and layer')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap gate --config flopgap.config.json
  $ flopgap gate model.onnx --baseline flopgap.baseline.json -o gate.json
  $ flopgap gate new.onnx --against old.onnx --threshold 3% --strict
  $ flopgap gate --selfcheck --max-time 60s
  $ flopgap gate models/small.onnx models/large.onnx --against ../main
  $ flopgap gate mobilenet-v2:width=1.1 --against mobilenet-v2 --static --expect-fail

Exit codes: 0 passed, 1 failed, 2 bad usage or input, 3 could not measure, 4 could not be told (--strict). The last line
of standard error is the verdict.`,
    )
    .action(async (targets: string[], options: GateCommandOptions) => {
      // the last thing that is undone
      const done = undoOnInterrupt(() => process.stderr.write('verdict: error\n'))
      try {
        await (options.selfcheck === true ? check(targets, options) : judge(targets, options))
      } finally {
        done()
      }
    })

function parseThreshold(text: string): number {
  const share = shareOf(text)
  if (share !== null && share > 0 && share < 10) return share
  throw new InvalidArgumentError('It is a share such as 5%.')
}

/**
 * Says how well this machine judges. A threshold that it cannot hold is what `--strict` fails.
 *
 * @throws FlopgapError `bad-option`; as `profileModel`
 */
async function check(targets: readonly string[], options: GateCommandOptions): Promise<void> {
  const [target, second] = targets
  if (second !== undefined) throw new FlopgapError('bad-option', '--selfcheck takes one model')
  if (options.format !== undefined && options.format !== 'json' && options.format !== 'table') {
    throw new FlopgapError('bad-option', '--selfcheck is written as a table or as JSON')
  }
  const [{ selfcheckMachine }, { selfcheckText }, { withProgress }] = await Promise.all([
    import('../pipeline/gate-selfcheck.js'),
    import('../report/selfcheck.js'),
    import('./progress.js'),
  ])
  const { provider, threads, maxTime: maxTimeMs, threshold = defaultThreshold, format, output = '-' } = options
  const report = await withProgress((onProgress) =>
    selfcheckMachine({
      ...{ target, binding: bindingOf(options), provider, threads, maxTimeMs, threshold, onProgress },
    }),
  )
  await emit(
    { record: () => report, text: (page) => selfcheckText(report, page) },
    { ...(format === undefined ? {} : { format }), output },
  )
  process.stderr.write(`verdict: ${report.isFit ? 'passed' : 'inconclusive'}\n`)
  if (!report.isFit && options.strict) process.exitCode = 4
}

/** Judges, writes the report in every case, and leaves with the verdict's exit code. */
async function judge(targets: readonly string[], options: GateCommandOptions): Promise<void> {
  const { report, exitCode } = await reportOf(targets, options)
  const { error } = report
  if (error !== null) tell(error.message, error.hint)
  await write(report, options)
  process.stderr.write(`verdict: ${report.verdict}\n`)
  process.exitCode = exitCode
}

async function reportOf(
  targets: readonly string[],
  options: GateCommandOptions,
): Promise<{ report: GateReport; exitCode: number }> {
  try {
    const report = await judged(targets, options)
    return { report, exitCode: exitCodeOf(report) }
  } catch (error) {
    const { unjudged } = await import('../pipeline/gate.js')
    const { code, message, hint, exitCode } = asFailure(error)
    const { strict = false, expectFail = false } = options
    return { report: unjudged({ code, message, hint }, { strict, expectFail }), exitCode }
  }
}

const couldNot = 3

function asFailure(error: unknown): Pick<FlopgapError, 'message' | 'hint' | 'exitCode'> & { readonly code: string } {
  if (error instanceof FlopgapError) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  if (process.env.FLOPGAP_DEBUG) process.stderr.write(`${cause.stack}\n`)
  const hint = 'This is a defect of flopgap. FLOPGAP_DEBUG=1 shows where it happened.'
  return { code: 'internal', message: `internal error: ${cause.message}`, hint, exitCode: couldNot }
}

const exitCodes = { passed: 0, improved: 0, regressed: 1, inconclusive: 0, error: couldNot } as const

/** Only a failure is what `--expect-fail` expects; what could not be told under `--strict` is a code of its own. */
function exitCodeOf({ verdict, strict, expectFail }: GateReport): number {
  if (expectFail && verdict !== 'error') return verdict === 'regressed' ? 0 : 1
  return verdict === 'inconclusive' && strict ? 4 : exitCodes[verdict]
}

async function judged(targets: readonly string[], options: GateCommandOptions): Promise<GateReport> {
  if (options.replay !== undefined) return replayed(options.replay, targets)
  checkOptions(options)
  for (const target of [...targets, options.against]) {
    if (target !== undefined) keepModel(target, options.output === undefined ? {} : { output: options.output })
  }
  const [{ readConfiguration }, { baselinePath, plannedModels }, { gateModels }, { withProgress }] = await Promise.all([
    import('../pipeline/config.js'),
    import('../pipeline/gate-plan.js'),
    import('../pipeline/gate.js'),
    import('./progress.js'),
  ])
  const read = readConfiguration(options.config)
  const planned = plannedModels(read, { targets, binding: bindingOf(options), threshold: options.threshold })
  const { against, partial = false, allowMissingBaseline = false, strict = false, expectFail = false } = options
  return withProgress((onProgress) =>
    gateModels(planned, {
      against:
        against === undefined
          ? { kind: 'baseline', path: baselinePath(options.baseline, read) }
          : { kind: 'model', path: against },
      lint: read.configuration.lint ?? {},
      ...{ partial, allowMissingBaseline, strict, expectFail, onProgress },
      ...{ isStatic: options.static === true, maxTimeMs: options.maxTime },
      ...{ provider: options.provider, threads: options.threads },
    }),
  )
}

/** @throws FlopgapError `bad-option` */
function checkOptions({ baseline, against }: GateCommandOptions): void {
  if (baseline !== undefined && against !== undefined) {
    throw new FlopgapError('bad-option', '--baseline and --against contradict each other', 'Compare with one of them.')
  }
}

/** @throws FlopgapError `no-such-file`; `bad-replay` where it is of other models */
async function replayed(path: string, targets: readonly string[]): Promise<GateReport> {
  const { readGate } = await import('../pipeline/saved-gate.js')
  const report = readGate(path)
  const other = targets.find((target) => report.checks.every(({ model }) => model !== target))
  if (other === undefined) return report
  throw new FlopgapError('bad-replay', `${path} does not judge ${other}`, 'It shows what was judged; name no model.')
}

async function write(report: GateReport, { format, output = '-', all }: GateCommandOptions): Promise<void> {
  const isJson = format === 'json' || (format === undefined && output.endsWith('.json'))
  const load = formats[format ?? 'table'] ?? formats.table
  await emit(
    { record: () => report, text: async (page) => (await load?.())?.(report, page, { all: all === true }) ?? '' },
    { format: isJson ? 'json' : 'table', output },
  )
}
