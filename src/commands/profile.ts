import { type Command, Option } from 'commander'
import type { OptimizationLevel } from '../types.js'
import { emit } from './emit.js'
import {
  type BindingOptions,
  bindingOf,
  duration,
  keepModel,
  type OutputOptions,
  wholeNumber,
  withBinding,
  withOutput,
  withSession,
} from './options.js'
import { missingModel } from './usage.js'

interface ProfileCommandOptions extends OutputOptions, BindingOptions {
  readonly provider: string
  readonly threads: number
  readonly maxTime: number
  readonly launches?: number
  readonly optimization: OptimizationLevel
  readonly all?: true
  readonly replay?: string
}

export const profile = (program: Command): Command =>
  withOutput(withSession(withBinding(program.command('profile'))))
    .summary('measure a model and explain the gap between theory and latency')
    .description(
      'Counts what a model costs, runs it through onnxruntime, and shows the gap between the two: how large, in which layers, and why. The first profile on a machine calibrates it (two minutes, kept for later).',
    )
    .argument('[model]', 'an architecture, as flopgap list shows them, or an ONNX file')
    .addOption(
      new Option('--max-time <time>', 'time to measure for, e.g. 10s, 500ms, 2m')
        .argParser(duration)
        .default(10_000, '10s'),
    )
    .option(
      '--launches <count>',
      'processes that the runs are spread over (default: 6, fewer where one takes long to start)',
      wholeNumber(1, 100),
    )
    .addOption(
      new Option('--optimization <level>', 'how far onnxruntime rewrites the graph')
        .choices(['disabled', 'basic', 'extended', 'layout', 'all'])
        .default('all'),
    )
    .option('--all', 'show every kernel and every part')
    .option('--replay <file>', 'explain the measurement saved in a JSON report again, without measuring')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap profile mobilenet-v2
  $ flopgap profile resnet-50:version=1 --threads 2 --max-time 30s
  $ flopgap profile model.onnx --shape images:1,3,640,640 --all
  $ flopgap profile mobilenet-v2 --optimization disabled --launches 12
  $ flopgap profile model.onnx --format json -o profile.json
  $ flopgap profile --replay profile.json`,
    )
    .action(async (model: string | undefined, options: ProfileCommandOptions) => {
      keepModel(model, options)
      const [report, { profileText }] = await Promise.all([reportOf(model, options), import('../report/profile.js')])
      const text = { all: options.all === true }
      await emit({ record: () => report, text: (page) => profileText(report, page, text) }, options)
    })

async function reportOf(target: string | undefined, options: ProfileCommandOptions) {
  if (options.replay !== undefined) {
    const { replay } = await import('../pipeline/replay.js')
    return replay(options.replay, target)
  }
  if (target === undefined) throw missingModel()
  const [{ open }, { profileModel }, { withProgress }] = await Promise.all([
    import('../pipeline/index.js'),
    import('../pipeline/profile.js'),
    import('./progress.js'),
  ])
  const { provider, threads, maxTime: maxTimeMs, optimization, launches } = options
  const model = await open(target)
  return withProgress((onProgress) =>
    profileModel(model, {
      ...{ binding: bindingOf(options), provider, threads, maxTimeMs, optimization, onProgress },
      ...(launches === undefined ? {} : { launches }),
    }),
  )
}
