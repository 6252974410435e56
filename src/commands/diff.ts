import type { Command } from 'commander'
import type { Page } from '../report/page.js'
import { emit } from './emit.js'
import {
  type BindingOptions,
  bindingOf,
  keepModel,
  type OutputOptions,
  parseDim,
  parseShape,
  withBinding,
  withOutput,
} from './options.js'

interface DiffCommandOptions extends OutputOptions, BindingOptions {
  readonly afterShape?: BindingOptions['shape']
  readonly afterDim?: BindingOptions['dim']
  readonly all?: true
  readonly exitCode?: true
}

export const diff = (program: Command): Command =>
  withOutput(withBinding(program.command('diff')))
    .summary('show what changes from one model to another')
    .description(
      'Aligns the layers of two models and shows what was added, removed or changed, and what that does to every figure. Nothing is run and no weight is compared.',
    )
    .argument('<before>', 'an architecture, as flopgap list shows them, or an ONNX file')
    .argument('<after>', 'the model to compare with it')
    .option('--after-shape <name:sizes>', 'as --shape, for the second model only; repeatable', parseShape)
    .option('--after-dim <name=size>', 'as --dim, for the second model only; repeatable', parseDim)
    .option('--all', 'show every layer, unchanged ones too')
    .option('--exit-code', 'leave with 1 where anything but names and order of layers differs')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap diff resnet-50:version=1 resnet-50
  $ flopgap diff mobilenet-v2 mobilenet-v2:width=0.5 --all
  $ flopgap diff old.onnx new.onnx --shape images:1,3,640,640 --exit-code
  $ flopgap diff model.onnx model.onnx --shape x:1,3,48,320 --after-shape x:1,3,48,640
  $ flopgap diff mobilenet-v2 model.onnx --format json -o diff.json`,
    )
    .action(async (before: string, after: string, options: DiffCommandOptions) => {
      for (const target of [before, after]) keepModel(target, options)
      const [{ open }, { diffModels }, { diffText }] = await Promise.all([
        import('../pipeline/index.js'),
        import('../pipeline/diff.js'),
        import('../report/diff.js'),
      ])
      const { afterShape: shape = {}, afterDim: dim = {} } = options
      const changes = await diffModels(await open(before), await open(after), {
        binding: bindingOf(options),
        afterBinding: bindingOf({ shape, dim }),
      })
      const text = (page: Page) => diffText(changes, page, { all: options.all === true })
      await emit({ record: () => changes, text }, options)
      if (options.exitCode && !changes.equal) process.exitCode = 1
    })
