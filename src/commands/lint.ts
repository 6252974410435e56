import { type Command, InvalidArgumentError, Option } from 'commander'
import { FlopgapError } from '../errors.js'
import type { LintOptions } from '../pipeline/lint.js'
import type { FailOn, Model } from '../types.js'
import { emit } from './emit.js'
import { type BindingOptions, bindingOf, duration, keepModel, outputFile, withBinding, withSession } from './options.js'
import { missingModel } from './usage.js'
import { version } from './version.js'

/** Exit code of a model that has a finding as grave as `--fail-on`. */
const checkFailed = 1

interface LintCommandOptions extends BindingOptions {
  readonly provider: string
  readonly threads: number
  readonly format?: 'table' | 'json' | 'sarif'
  readonly output?: string
  readonly profile?: string
  readonly measure?: true
  readonly cost: boolean
  readonly maxTime: number
  readonly rule?: readonly string[]
  readonly failOn?: FailOn
  readonly config?: string
  readonly fix?: true
  readonly list?: true
  readonly all?: true
}

export const lint = (program: Command): Command =>
  withSession(withBinding(program.command('lint')))
    .summary('find where a model goes against what the papers and onnxruntime teach')
    .description(
      'Checks a model for states that the literature of light-weight CNNs and onnxruntime warn of, and says what each costs: by the calibration (two minutes, once a machine), or measured. docs/rules has a page for each rule.',
    )
    .argument('[model]', 'an architecture, as flopgap list shows them, or an ONNX file')
    .option('--list', 'show all rules')
    .option('--rule <id>', 'check only this rule; repeatable', gathered)
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 where a finding is as grave as this (default: error)').choices([
        'error',
        'warning',
        'info',
        'never',
      ]),
    )
    .option('--config <file>', 'the configuration; by default flopgap.config.json here or in a folder above')
    .option('--no-cost', 'look at the graph alone: no times, and rules about kernels are skipped')
    .option('--measure', 'measure the model instead of predicting its times')
    .option('--profile <file>', 'take times from a JSON report of flopgap profile')
    .addOption(
      new Option('--max-time <time>', 'time to measure for, with --measure and --fix')
        .argParser(duration)
        .default(10_000, '10s'),
    )
    .option('--fix', 'write a model without the findings that can be fixed, to -o; its outputs must stay the same')
    .addOption(new Option('--format <format>', 'how the result is written').choices(['table', 'json', 'sarif']))
    .option(
      '-o, --output <file>',
      'write to a file: the report, JSON or SARIF by its ending; with --fix the model',
      (path: string) => (path === '-' ? path : outputFile(path)),
    )
    .option('--all', 'show every finding')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap lint mobilenet-v2
  $ flopgap lint model.onnx --fail-on warning
  $ flopgap lint model.onnx --no-cost --format sarif -o model.sarif
  $ flopgap lint model.onnx --measure --rule unfused-normalization
  $ flopgap lint --profile profile.json --all
  $ flopgap lint model.onnx --fix -o fixed.onnx
  $ flopgap lint --list`,
    )
    .action(async (target: string | undefined, options: LintCommandOptions) => {
      if (options.list) return listRules(options)
      checkOptions(options)
      keepModel(target, outputOf(options))
      if (options.fix) return fix(target, options)
      const [{ lintModel }, { lintText }, { sarif }] = await Promise.all([
        import('../pipeline/lint.js'),
        import('../report/lint.js'),
        import('../report/sarif.js'),
      ])
      const { model, lintOptions } = await inputs(target, options)
      const { withProgress } = await import('./progress.js')
      const report = await withProgress((onProgress) => lintModel(model, { ...lintOptions, onProgress }))
      const all = options.all === true
      const format = formatOf(options)
      await emit(
        {
          record: () => report,
          text: (page) =>
            format === 'sarif' ? sarif(version(), report, process.cwd()) : lintText(report, page, { all }),
        },
        { ...outputOf(options), format: format === 'json' ? 'json' : 'table' },
      )
      if (report.failed) process.exitCode = checkFailed
    })

function gathered(id: string, previous: readonly string[] = []): string[] {
  if (id === '') throw new InvalidArgumentError('It is the id of a rule, as flopgap lint --list shows them.')
  return [...previous, id]
}

const outputOf = ({ output }: LintCommandOptions) => (output === undefined ? {} : { output })

/** By the option, else by the ending of the file. */
function formatOf({ format, output = '' }: LintCommandOptions): 'table' | 'json' | 'sarif' {
  if (format !== undefined) return format
  return output.endsWith('.sarif') ? 'sarif' : output.endsWith('.json') ? 'json' : 'table'
}

/** @throws FlopgapError `bad-option` */
function checkOptions({ provider, measure, profile, cost, fix, output, format }: LintCommandOptions): void {
  const given = [measure && '--measure', profile !== undefined && '--profile', !cost && '--no-cost'].filter(Boolean)
  if (given.length > 1) {
    throw new FlopgapError('bad-option', `${given.join(' and ')} contradict each other`, 'Times are from one place.')
  }
  if (provider !== 'cpu' && measure === undefined) {
    throw new FlopgapError('bad-option', `times of ${provider} cannot be predicted`, 'Add --measure.')
  }
  if (fix === undefined) return
  if (output === undefined || !output.endsWith('.onnx')) {
    throw new FlopgapError('bad-option', '--fix needs a file for the model', 'Add -o FIXED.onnx.')
  }
  if (given.includes('--no-cost') || given.includes('--profile')) {
    throw new FlopgapError('bad-option', `${given[0]} leaves out what --fix needs`, 'It has to run the model.')
  }
  if (format === 'sarif') throw new FlopgapError('bad-option', '--fix has no SARIF', 'Lint the fixed model.')
}

async function listRules(options: LintCommandOptions): Promise<void> {
  const [{ ruleList }, { rulesText }] = await Promise.all([import('../pipeline/lint.js'), import('../report/rules.js')])
  const format = formatOf(options)
  if (format === 'sarif') throw new FlopgapError('bad-option', 'a list of rules is no SARIF')
  const list = ruleList()
  await emit(
    { record: () => ({ rules: list }), text: (page) => rulesText(list, page) },
    { ...outputOf(options), format },
  )
}

/** The model, and where its times come from. */
async function inputs(
  target: string | undefined,
  options: LintCommandOptions,
): Promise<{ model: Model; lintOptions: LintOptions }> {
  const { provider, threads, maxTime: maxTimeMs, profile, measure, cost, rule, failOn, config } = options
  const [{ open }, { readConfiguration }] = await Promise.all([
    import('../pipeline/index.js'),
    import('../pipeline/config.js'),
  ])
  const { path, configuration } = readConfiguration(config)
  const common = {
    ...{ binding: bindingOf(options), provider, threads, maxTimeMs },
    ...(rule === undefined ? {} : { rules: rule }),
    ...(failOn === undefined ? {} : { failOn }),
    configuration: configuration.lint ?? {},
    configurationPath: path,
  }
  if (profile !== undefined) {
    const { replay } = await import('../pipeline/replay.js')
    const costs = await replay(profile, target)
    const model = await open(target ?? costs.model.spec ?? costs.model.path ?? '')
    return { model, lintOptions: { ...common, costs } }
  }
  if (target === undefined) throw missingModel()
  const costs = measure ? 'measured' : cost ? 'predicted' : 'none'
  return { model: await open(target), lintOptions: { ...common, costs } }
}

async function fix(target: string | undefined, options: LintCommandOptions): Promise<void> {
  const [{ fixModel }, { fixText }, { withProgress }, { model, lintOptions }] = await Promise.all([
    import('../pipeline/lint-fix.js'),
    import('../report/fix.js'),
    import('./progress.js'),
    inputs(target, options),
  ])
  const report = await withProgress((onProgress) =>
    fixModel(model, options.output ?? '', { ...lintOptions, onProgress }),
  )
  await emit(
    { record: () => report, text: (page) => fixText(report, page) },
    { format: options.format === 'json' ? 'json' : 'table' },
  )
}
