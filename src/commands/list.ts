import type { Command } from 'commander'
import { type OutputOptions, withOutput } from './options.js'

export const list = (program: Command): Command =>
  withOutput(program.command('list'))
    .summary('show the architectures, their options and published figures')
    .description('Shows every architecture that can be built, its options with their defaults, and published figures.')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap list
  $ flopgap list --format json`,
    )
    .action(async (options: OutputOptions) => {
      const [{ architectures }, { listText }, { emit }] = await Promise.all([
        import('../models/index.js'),
        import('../report/list.js'),
        import('./emit.js'),
      ])
      const record = architectures.map(({ build: _, options: declared, ...rest }) => ({
        ...rest,
        options: Object.entries(declared).map(([name, { default: standard, range }]) => ({
          name,
          default: standard,
          range,
        })),
      }))
      await emit({ record: { architectures: record }, text: (page) => listText(architectures, page) }, options)
    })
