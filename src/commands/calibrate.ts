import type { Command } from 'commander'
import { emit } from './emit.js'
import { type OutputOptions, withOutput, withSession } from './options.js'

interface CalibrateOptions extends OutputOptions {
  readonly provider: string
  readonly threads: number
  readonly cached?: true
  readonly replay?: string
}

export const calibrate = (program: Command): Command =>
  withOutput(withSession(program.command('calibrate')))
    .summary("measure this machine's ceilings, and keep them")
    .description(
      'Measures what this machine reaches through onnxruntime: arithmetic rate, bandwidth by working set, the cost of starting a kernel. Theory and roofline of later profiles come from it.',
    )
    .option('--cached', 'show the ceilings that are kept, and measure only if there are none')
    .option('--replay <file>', 'show the ceilings in a saved JSON report, of this machine or another')
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap calibrate
  $ flopgap calibrate --threads 2
  $ flopgap calibrate --cached -o ceilings.json
  $ flopgap calibrate --replay ceilings.json`,
    )
    .action(async (options: CalibrateOptions) => {
      const [{ environment, ceilings }, { ceilingsText }] = await Promise.all([
        ceilingsOf(options),
        import('../report/ceilings.js'),
      ])
      await emit(
        { record: () => ({ environment, ceilings }), text: (page) => ceilingsText(environment, ceilings, page) },
        options,
      )
    })

async function ceilingsOf({ provider, threads, cached, replay }: CalibrateOptions) {
  if (replay !== undefined) {
    const { savedCeilings } = await import('../pipeline/replay.js')
    return savedCeilings(replay)
  }
  const [{ calibrate, environmentOf, keptCeilings, usable }, { withProgress }] = await Promise.all([
    import('../pipeline/calibrate.js'),
    import('./progress.js'),
  ])
  const settings = await usable({ provider, threads, optimization: 'all' })
  const ceilings = await withProgress((onProgress) =>
    (cached ? keptCeilings : calibrate)(settings, (share) => onProgress('calibrating this machine', share)),
  )
  return { environment: environmentOf(settings), ceilings }
}
