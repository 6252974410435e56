import type { Command } from 'commander'
import { builtText } from '../report/built.js'
import { emit } from './emit.js'
import { type OutputOptions, outputFile, wholeNumber, withFormat } from './options.js'

interface BuildOptions {
  readonly output: string
  readonly seed: number
  readonly format?: OutputOptions['format']
}

export const build = (program: Command): Command =>
  withFormat(program.command('build'))
    .summary('write an architecture as an ONNX file')
    .description(
      'Writes an architecture as an ONNX file with seeded weights: the same bytes for the same architecture and seed. onnxruntime checks it before it is kept.',
    )
    .argument('<spec>', 'an architecture, as flopgap list shows them')
    .requiredOption('-o, --output <file>', 'the ONNX file to write', outputFile)
    .option('--seed <number>', 'seed of the weights', wholeNumber(0, 2 ** 31 - 1), 0)
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap build mobilenet-v2 -o mobilenet-v2.onnx
  $ flopgap build resnet-50:version=1,batch=8 -o resnet.onnx --seed 7`,
    )
    .action(async (spec: string, { output, seed, format }: BuildOptions) => {
      const { buildFile } = await import('../pipeline/build.js')
      const built = await buildFile(spec, seed, output)
      await emit(
        { record: () => ({ built }), text: (page) => builtText(built, page) },
        format === undefined ? {} : { format },
      )
    })
