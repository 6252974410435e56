import type { Command } from 'commander'
import { ceilingsText } from '../report/ceilings.js'
import { emit } from './emit.js'
import { type OutputOptions, withOutput, withSession } from './options.js'

interface CalibrateOptions extends OutputOptions {
  readonly provider: string
  readonly threads: number
  readonly cached?: true
}

export const calibrate = (program: Command): Command =>
  withOutput(withSession(program.command('calibrate')))
    .summary("measure this machine's ceilings, and keep them")
    .description(
      'Measures what this machine reaches through onnxruntime: arithmetic rate, bandwidth by working set, the cost of starting a kernel. Theory and roofline of later profiles come from it.',
    )
    .option('--cached', 'show the ceilings that are kept, and measure only if there are none')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap calibrate
  $ flopgap calibrate --threads 2
  $ flopgap calibrate --cached --format json`,
    )
    .action(async ({ provider, threads, cached, ...output }: CalibrateOptions) => {
      const [{ calibrate, ceilingsFor, checkProvider, environmentOf }, { withProgress }] = await Promise.all([
        import('../pipeline/calibrate.js'),
        import('./progress.js'),
      ])
      const settings = { provider, threads }
      checkProvider(provider)
      const ceilings = await withProgress((onProgress) =>
        (cached ? ceilingsFor : calibrate)(settings, (share) => onProgress('calibrating this machine', share)),
      )
      const environment = environmentOf(settings)
      await emit(
        { record: () => ({ environment, ceilings }), text: (page) => ceilingsText(environment, ceilings, page) },
        output,
      )
    })
