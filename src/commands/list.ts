import type { Command } from 'commander'
import type { Architecture } from '../models/architecture.js'
import { architecturesOf } from '../models/find.js'
import { architectures } from '../models/index.js'
import { listText } from '../report/list.js'
import { emit } from './emit.js'
import { type OutputOptions, withOutput } from './options.js'

export const list = (program: Command): Command =>
  withOutput(program.command('list'))
    .summary('show the architectures, their options and published figures')
    .description('Shows the architectures that can be built; of one, its options, its variants and published figures.')
    .argument('[architecture]', 'show only this one, or this family, with its variants')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap list
  $ flopgap list mobilenet-v2
  $ flopgap list resnet
  $ flopgap list --format json`,
    )
    .action(async (name: string | undefined, options: OutputOptions) => {
      if (name === undefined) {
        const record = () => ({ architectures: architectures.map(recordOf) })
        return emit({ record, text: (page) => listText(architectures, page) }, options)
      }
      const family = architecturesOf(name)
      const record = () => ({ architectures: family.map(recordOf) })
      const { familyText } = await import('../report/architecture.js')
      return emit({ record, text: (page) => familyText(family, page) }, options)
    })

const recordOf = ({ build: _, options, ...rest }: Architecture) => ({
  ...rest,
  options: Object.entries(options).map(([name, { default: standard, range }]) => ({ name, default: standard, range })),
})
