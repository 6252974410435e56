import type { Command } from 'commander'
import { emit } from './emit.js'
import {
  type BindingOptions,
  bindingOf,
  keepModel,
  type OutputOptions,
  withBinding,
  withOutput,
  withThreads,
} from './options.js'

interface PredictCommandOptions extends OutputOptions, BindingOptions {
  readonly threads: number
  readonly all?: true
}

export const predict = (program: Command): Command =>
  withOutput(withThreads(withBinding(program.command('predict'))))
    .summary('predict a latency from the calibration alone, without running the model')
    .description(
      'Has onnxruntime optimise a model for this CPU and adds up what its kernels take by the calibration. Nothing of the model is run. The first prediction on a machine calibrates it (two minutes, kept for later).',
    )
    .argument('<model>', 'an architecture, as flopgap list shows them, or an ONNX file')
    .option('--all', 'show every kernel')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap predict mobilenet-v2
  $ flopgap predict model.onnx --shape images:1,3,640,640 --threads 2
  $ flopgap predict shufflenet-v2:scale=0.5 --format json`,
    )
    .action(async (target: string, options: PredictCommandOptions) => {
      keepModel(target, options)
      const [{ open }, { predictModel }, { predictionText }, { withProgress }] = await Promise.all([
        import('../pipeline/index.js'),
        import('../pipeline/predict.js'),
        import('../report/prediction.js'),
        import('./progress.js'),
      ])
      const model = await open(target)
      const { threads, all = false } = options
      const report = await withProgress((onProgress) =>
        predictModel(model, { binding: bindingOf(options), threads, onProgress }),
      )
      await emit({ record: () => report, text: (page) => predictionText(report, page, { all }) }, options)
    })
