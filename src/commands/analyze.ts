import type { Command } from 'commander'
import { analysisText } from '../report/analysis.js'
import type { Page } from '../report/page.js'
import type { Analysis } from '../types.js'
import { emit } from './emit.js'
import { type BindingOptions, bindingOf, keepModel, type OutputOptions, withBinding, withOutput } from './options.js'

/** Exit code of a check that the model does not pass. */
const checkFailed = 1

/** As they stand in src/analyzers/conventions, which only those commands load that count by one. */
const conventionNames =
  'macs, flops, he-2015, mobilenet, shufflenet, senet, condensenet, torchvision, timm, fvcore, torch, thop, thop-2020, ptflops, onnx-tool'

interface AnalyzeOptions extends OutputOptions, BindingOptions {
  readonly all?: true
  readonly memory?: true
  readonly receptiveField?: true
  readonly executed?: true
  readonly strict?: true
  readonly convention?: string
  readonly reconcile?: true
}

export const analyze = (program: Command): Command =>
  withOutput(withBinding(program.command('analyze')))
    .summary('count what a model costs, without running it')
    .description(
      'Counts MACs, FLOPs, params, bytes and peak activation memory, by layer and in all. Nothing is run; weights are read only for --executed.',
    )
    .argument('<model>', 'an architecture, as flopgap list shows them, or an ONNX file')
    .option('--all', 'show every layer')
    .option(
      '--memory',
      'memory access of convolutions, with the least for their MACs, and the tensors alive at the peak',
    )
    .option('--receptive-field', 'what each layer sees of the image: size, stride, offset')
    .option(
      '--executed',
      'also count the graph that onnxruntime makes of it, after folding and fusing; reads the weights',
    )
    .option('--convention <name>', `count as a paper or a tool does: ${conventionNames}`)
    .option('--reconcile', 'show what each of them would report, and why they differ')
    .option('--strict', 'exit with 1 where a node is not counted')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap analyze mobilenet-v2
  $ flopgap analyze mobilenet-v1:width=0.5,resolution=160 --all
  $ flopgap analyze model.onnx --shape images:1,3,640,640
  $ flopgap analyze model.onnx --dim batch=1 --format json -o costs.json
  $ flopgap analyze model.onnx --strict          fails where an operator has no rule
  $ flopgap analyze shufflenet-v2 --memory       what unequal widths and groups cost in memory access
  $ flopgap analyze shufflenet-v2 --receptive-field
  $ flopgap analyze resnet-50 --executed         what onnxruntime really moves
  $ flopgap analyze resnet-50 --reconcile        why it is 3.86, 4.09, 4.11 or 4.13 G
  $ flopgap analyze model.onnx --convention thop`,
    )
    .action(async (target: string, options: AnalyzeOptions) => {
      keepModel(target, options)
      const { analyzeModel, costsOf, open } = await import('../pipeline/index.js')
      const opened = await open(target)
      const binding = bindingOf(options)
      const { convention, executed, memory, receptiveField, reconcile } = options
      const details = {
        convention,
        executed: executed === true,
        memory: memory === true,
        receptiveField: receptiveField === true,
        reconcile: reconcile === true,
      }
      let uncounted = 0
      const counted = <T extends Analysis>(analysis: T): T => {
        uncounted = analysis.coverage.uncounted
        return analysis
      }
      const record = async () =>
        counted(await analyzeModel(opened, binding, { ...details, memory: true, receptiveField: true }))
      const text = async (page: Page) =>
        analysisText(counted(await costsOf(opened, binding, details)), page, { all: options.all === true })
      await emit({ record, text }, options)
      if (options.strict && uncounted > 0) process.exitCode = checkFailed
    })
