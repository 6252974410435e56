import type { Command } from 'commander'
import { analysisText } from '../report/analysis.js'
import type { Page } from '../report/page.js'
import { emit } from './emit.js'
import { type BindingOptions, bindingOf, keepModel, type OutputOptions, withBinding, withOutput } from './options.js'

interface AnalyzeOptions extends OutputOptions, BindingOptions {
  readonly all?: true
}

export const analyze = (program: Command): Command =>
  withOutput(withBinding(program.command('analyze')))
    .summary('count what a model costs, without running it')
    .description(
      'Counts MACs, FLOPs, params, bytes and peak activation memory, by layer and in all. Nothing is run and no weight is read.',
    )
    .argument('<model>', 'an architecture, as flopgap list shows them, or an ONNX file')
    .option('--all', 'show every layer')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap analyze mobilenet-v2
  $ flopgap analyze mobilenet-v1:width=0.5,resolution=160 --all
  $ flopgap analyze model.onnx --shape images:1,3,640,640
  $ flopgap analyze model.onnx --dim batch=1 --format json -o costs.json`,
    )
    .action(async (target: string, options: AnalyzeOptions) => {
      keepModel(target, options)
      const { analyzeModel, costsOf, open } = await import('../pipeline/index.js')
      const opened = await open(target)
      const binding = bindingOf(options)
      const record = () => analyzeModel(opened, binding)
      const text = async (page: Page) =>
        analysisText(await costsOf(opened, binding), page, { all: options.all === true })
      await emit({ record, text }, options)
    })
