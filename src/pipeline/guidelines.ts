import { guidelineTable } from '../analyzers/guidelines/table.js'
import { margin } from '../analyzers/guidelines/verdict.js'
import type { BuildOptions, Guideline } from '../experiments/guidelines/guideline.js'
import { guidelineNamed, guidelines } from '../experiments/guidelines/index.js'
import { usable } from '../runtime/adapter.js'
import { checkProvider, environmentOf } from '../runtime/environment.js'
import type {
  ConvolutionKernels,
  GuidelinesReport,
  GuidelineTable,
  Scale,
  SessionSettings,
  WidthSet,
} from '../types.js'
import { experimentOf, kernelsOf, modelsOf } from './experiment.js'
import { interleaveModels } from './interleave.js'

/** Which tables of the paper. */
export interface TableChoice {
  /** `g1` to `g4`; all by default. */
  readonly guidelines?: readonly string[] | undefined
  /** Those of the paper's GPU or of its ARM experiment; both by default. */
  readonly widths?: readonly WidthSet[] | undefined
  /** What the channels are multiplied by; 1 by default. The time of a run grows with its square. */
  readonly scales?: readonly Scale[] | undefined
}

export interface GuidelinesOptions extends TableChoice {
  /** Images in a batch; 1 by default. */
  readonly batch?: number
  /** An onnxruntime execution provider; `cpu` by default. */
  readonly provider?: string
  /** Threads inside a kernel; 1 by default. */
  readonly threads?: number
  /** Processes that the runs of a table are spread over; six by default, fewer where they take long to start. */
  readonly launches?: number
  /** Time to measure each table for, in milliseconds; 10,000 by default. */
  readonly maxTimeMs?: number
  /** Of the weights; 0 by default. */
  readonly seed?: number
  /** Called with the result so far, each time a table is measured; the next one waits for it. */
  readonly onMeasured?: (soFar: GuidelinesReport, planned: number) => Promise<void>
  readonly onProgress?: (stage: string, share: number) => void
}

interface Planned extends Pick<BuildOptions, 'widths' | 'scale'> {
  readonly guideline: Guideline
}

/**
 * ShuffleNet V2's four experiments on this machine: each table's networks run by turns in the same processes, and the
 * guideline holds, does not, or cannot be told.
 *
 * @throws FlopgapError `unknown-guideline`, `unknown-provider`, `provider-unavailable`, `measuring-failed`,
 *   `measuring-crashed`
 */
export async function measureGuidelines(options: GuidelinesOptions = {}): Promise<GuidelinesReport> {
  const { batch = 1, provider = 'cpu', threads = 1, onMeasured, onProgress } = options
  const planned = plan(options)
  checkProvider(provider)
  const settings = await usable({ provider, threads, optimization: 'all' })
  let report: GuidelinesReport = { environment: environmentOf(settings), batch, margin, tables: [] }
  for (const [index, one] of planned.entries()) {
    const table = await measured(one, settings, options, (phase, share) =>
      onProgress?.(`${phase} ${nameOf(one)}`, (index + share) / planned.length),
    )
    report = { ...report, tables: [...report.tables, table] }
    await onMeasured?.(report, planned.length)
  }
  return report
}

/** Every table of a choice, in the paper's order. */
function plan({ guidelines: names, widths = ['gpu', 'arm'], scales = [1] }: TableChoice): Planned[] {
  const chosen = names === undefined || names.length === 0 ? guidelines : [...new Set(names.map(guidelineNamed))]
  return chosen.flatMap((guideline) =>
    scales.flatMap((scale) => widths.map((set) => ({ guideline, widths: set, scale }))),
  )
}

const nameOf = ({ guideline, widths, scale }: Planned): string => `${guideline.id} ${widths} x${scale}`

async function measured(
  { guideline, widths, scale }: Planned,
  settings: SessionSettings,
  { batch = 1, launches, maxTimeMs = 10_000, seed = 0 }: GuidelinesOptions,
  onProgress: (phase: string, share: number) => void,
): Promise<GuidelineTable> {
  const networks = { widths, scale, batch }
  const models = modelsOf(guideline, networks)
  const kernels: (ConvolutionKernels | null)[] = []
  for (const { model } of models) kernels.push(await kernelsOf(model, seed, settings))
  const plan = { ...(launches === undefined ? {} : { launches }), totalMs: maxTimeMs, seed, onProgress }
  const measurement = await interleaveModels(models, settings, plan)
  return guidelineTable(await experimentOf(guideline, networks, kernels), measurement)
}
