import { Argument, type Command, Option } from 'commander'
import type { BaselineReport } from '../types.js'
import { emit } from './emit.js'
import { type BindingOptions, bindingOf, duration, withBinding, withFormat, withSession } from './options.js'

interface BaselineCommandOptions extends BindingOptions {
  readonly config?: string
  readonly baseline?: string
  readonly force?: true
  readonly latency?: true
  readonly maxTime: number
  readonly provider: string
  readonly threads: number
  readonly format?: 'table' | 'json'
}

type Action = 'write' | 'update' | 'show'

export const baseline = (program: Command): Command =>
  withFormat(withSession(withBinding(program.command('baseline'))))
    .summary('keep what models are now, for gate to compare with')
    .description(
      'Keeps the counted figures of models in a small file, a line a layer, to be committed and reviewed. update replaces the named models, or all of the configuration and drops what it no longer lists, also while the gate fails.',
    )
    .addArgument(new Argument('<action>', 'what to do with the file').choices(['write', 'update', 'show']))
    .argument('[models...]', 'architectures or ONNX files; by default those of the configuration')
    .option('--config <file>', 'the configuration; by default flopgap.config.json here or in a folder above')
    .option('--baseline <file>', 'the file (default: flopgap.baseline.json)')
    .option('--force', 'write over a baseline that is there')
    .option('--latency', 'measure each model beside a reference network, too: judged on machines of this kind alone')
    .addOption(
      new Option('--max-time <time>', 'time to measure each model for, with --latency')
        .argParser(duration)
        .default(20_000, '20s'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap baseline write model.onnx mobilenet-v2
  $ flopgap baseline write --config flopgap.config.json --force
  $ flopgap baseline update model.onnx --latency
  $ flopgap baseline show --baseline flopgap.baseline.json --format json`,
    )
    .action(async (action: Action, targets: string[], options: BaselineCommandOptions) => {
      const { baselineText } = await import('../report/baseline.js')
      const report = await reportOf(action, targets, options)
      const format = options.format ?? 'table'
      await emit({ record: () => report, text: (page) => baselineText(report, page) }, { format })
    })

async function reportOf(
  action: Action,
  targets: readonly string[],
  options: BaselineCommandOptions,
): Promise<BaselineReport> {
  const [{ readConfiguration }, { baselinePath, plannedModels }, pipeline, { withProgress }] = await Promise.all([
    import('../pipeline/config.js'),
    import('../pipeline/gate-plan.js'),
    import('../pipeline/baseline.js'),
    import('./progress.js'),
  ])
  const read = readConfiguration(options.config)
  const path = baselinePath(options.baseline, read)
  if (action === 'show') return pipeline.shownBaseline(path)
  const planned = plannedModels(read, { targets, binding: bindingOf(options), threshold: undefined })
  const { provider, threads, force = false, latency, maxTime: latencyMs } = options
  const make = action === 'write' ? pipeline.newBaseline : pipeline.updatedBaseline
  return withProgress((onProgress) =>
    make(path, planned, {
      lint: read.configuration.lint ?? {},
      ...{ provider, threads, force, onProgress, isAll: targets.length === 0 },
      ...(latency === true ? { latencyMs } : {}),
    }),
  )
}
