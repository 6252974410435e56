import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { FlopgapError } from '../errors.js'
import { architectures } from '../models/index.js'
import { writeAtomically } from '../output.js'
import { visible } from '../report/format.js'
import { json } from '../report/json.js'
import type { Comparison } from '../types.js'
import { emit, isJson } from './emit.js'
import {
  type BindingOptions,
  bindingOf,
  duration,
  keepModel,
  type OutputOptions,
  parseShard,
  parseVary,
  withBinding,
  withOutput,
  withSession,
} from './options.js'
import { missingModel } from './usage.js'
import { version } from './version.js'

interface CompareCommandOptions extends OutputOptions, BindingOptions {
  readonly reference?: string
  readonly vary?: Readonly<Record<string, readonly string[]>>
  readonly zoo?: true
  readonly shard?: { readonly index: number; readonly count: number }
  readonly resume?: true
  readonly provider: string
  readonly threads: number
  readonly maxTime: number
  readonly all?: true
  readonly replay?: string
}

export const compare = (program: Command): Command =>
  withOutput(withSession(withBinding(program.command('compare'))))
    .summary('put theory beside reality for many models')
    .description(
      'Measures each model by turns with a reference and shows what counting MACs promises beside what comes true: speedups with their intervals, how well MACs, bytes and roofline order the models, and the pairs that MACs put in the wrong order, with the causes.',
    )
    .argument('[models...]', 'architectures, families of them as flopgap list shows them, or ONNX files')
    .option('--reference <model>', 'what to compare with; the first model by default')
    .option(
      '--vary <key=a,b,c>',
      "an architecture's option, or a file's free dimension, with its values; repeatable",
      parseVary,
    )
    .option('--zoo', 'every architecture that flopgap builds')
    .option('--shard <index/count>', 'measure only one of several parts of the models, e.g. 2/8', parseShard)
    .option('--resume', 'keep what the file of -o holds already, and measure the rest')
    .addOption(
      new Option('--max-time <time>', 'time to measure each model for, e.g. 10s, 500ms, 2m')
        .argParser(duration)
        .default(6_000, '6s'),
    )
    .option('--all', 'show every pair of models in the wrong order')
    .option('--replay <file>', 'show the comparison saved in a JSON report again, without measuring')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap compare mobilenet-v1 mobilenet-v2 shufflenet-v2 squeezenet
  $ flopgap compare mobilenet-v1 --vary width=1,0.75,0.5,0.25 --vary resolution=224,192,160,128
  $ flopgap compare old.onnx new.onnx --shape images:1,3,640,640
  $ flopgap compare model.onnx --vary batch=1,2,4,8
  $ flopgap compare --zoo --reference resnet-50 -o zoo.json --resume
  $ flopgap compare --zoo --shard 2/8 -o shard-2.json
  $ flopgap compare --replay zoo.json`,
    )
    .action(async (targets: string[], options: CompareCommandOptions) => {
      const models = [...targets, ...(options.zoo ? architectures.map(({ name }) => name) : [])]
      for (const target of [...models, options.reference]) keepModel(target, options)
      const [result, { comparisonText }] = await Promise.all([
        resultOf(models, options),
        import('../report/comparison.js'),
      ])
      const all = options.all === true
      await emit({ record: () => result, text: (page) => comparisonText(result, page, { all }) }, options)
      if (result.failed.length > 0 && options.replay === undefined) process.exitCode = couldNot
    })

/** Exit code where some of the models could not be measured. */
const couldNot = 3

async function resultOf(models: readonly string[], options: CompareCommandOptions): Promise<Comparison> {
  const { entriesOf, withReference } = await import('../pipeline/entries.js')
  const entries = await entriesOf(models, options.vary ?? {})
  if (options.replay !== undefined)
    return replayed(
      options.replay,
      entries.map(({ label }) => label),
      options,
    )
  if (entries.length === 0) throw missingModel()
  const { all, reference } = await withReference(entries, options.reference)
  const [{ compareEntries }, { withProgress }] = await Promise.all([
    import('../pipeline/compare.js'),
    import('./progress.js'),
  ])
  const { provider, threads, maxTime: maxTimeMs, shard } = options
  const resume = await earlier(options)
  return withProgress(
    (onProgress) =>
      compareEntries(all, reference, {
        ...{ binding: bindingOf(options), provider, threads, maxTimeMs, onProgress },
        ...(shard === undefined ? {} : { shard }),
        ...(resume === undefined ? {} : { resume }),
        onMeasured: (soFar, label) => keep(soFar, label, options),
      }),
    { timeLeft: true },
  )
}

/** Only what was measured can be shown again: a selection of it, too, but not with another reference. */
async function replayed(file: string, labels: readonly string[], { reference, shard, resume }: CompareCommandOptions) {
  if (shard !== undefined || resume !== undefined) {
    throw new FlopgapError('bad-option', '--replay measures nothing: it takes no --shard and no --resume')
  }
  const { replayComparison } = await import('../pipeline/saved-comparison.js')
  const result = await replayComparison(file, labels)
  if (reference === undefined || reference === result.reference) return result
  throw new FlopgapError(
    'bad-replay',
    `${file} compares with ${result.reference}, not with ${reference}`,
    'Another reference has to be measured.',
  )
}

/** What is in the output already; the first time there is nothing. */
async function earlier({ resume, format, output }: CompareCommandOptions): Promise<Comparison | undefined> {
  if (resume === undefined) return undefined
  if (output === undefined || !isJson({ format, output })) {
    throw new FlopgapError('bad-option', '--resume needs a JSON file that holds the result', 'Add -o FILE.json.')
  }
  if (!existsSync(output)) return undefined
  const { savedComparison } = await import('../pipeline/saved-comparison.js')
  return savedComparison(output)
}

/** Writes the result so far, so that an interrupt loses the model in hand and no other. */
async function keep(soFar: Comparison, label: string, { format, output }: CompareCommandOptions): Promise<void> {
  const isKept = output !== undefined && output !== '-' && isJson({ format, output })
  if (isKept) await writeAtomically(output, [json(version(), soFar)])
  if (process.stderr.isTTY) return
  const failed = soFar.failed.some(({ model }) => model === label)
  process.stderr.write(
    `${failed ? 'failed' : 'measured'} ${visible(label)}, ${soFar.models.length} of ${soFar.plan.length}\n`,
  )
}
