import { resolve } from 'node:path'
import type { Command } from 'commander'
import { FlopgapError } from '../errors.js'
import { emit } from './emit.js'
import { type OutputOptions, withOutput } from './options.js'

interface MergeOptions extends OutputOptions {
  readonly all?: true
}

export const merge = (program: Command): Command =>
  withOutput(program.command('merge'))
    .summary('join the results of shards or machines')
    .description(
      'Joins JSON results of flopgap compare: the shards of one run, or runs of several machines. Nothing is measured and no model is needed.',
    )
    .argument('<results...>', 'JSON files of flopgap compare')
    .option('--all', 'show every pair of models in the wrong order')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap merge shard-1.json shard-2.json -o all.json
  $ flopgap merge laptop.json server.json`,
    )
    .action(async (paths: string[], options: MergeOptions) => {
      for (const path of paths) keepResult(path, options)
      const [{ savedComparison }, { mergeComparisons }, { comparisonText }] = await Promise.all([
        import('../pipeline/saved-comparison.js'),
        import('../pipeline/merge.js'),
        import('../report/comparison.js'),
      ])
      const result = mergeComparisons(paths.map(savedComparison))
      const all = options.all === true
      await emit({ record: () => result, text: (page) => comparisonText(result, page, { all }) }, options)
    })

/** Keeps a slip of the hand from replacing one of the results by all of them, which could not be merged again. */
function keepResult(path: string, { output }: OutputOptions): void {
  if (output === undefined || resolve(path) !== resolve(output)) return
  throw new FlopgapError('unwritable-output', `${output} is one of the results`, 'Give -o another name.')
}
