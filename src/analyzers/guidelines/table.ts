import type {
  ConvolutionKernels,
  Estimate,
  ExperimentCost,
  GuidelineRow,
  GuidelineTable,
  InterleavedMeasurement,
  InterleavedRuns,
  WidthSet,
} from '../../types.js'
import { latencyOf, relativeSpeed } from '../latency.js'
import { publishedSpeed } from './published.js'
import { findingOf, verdictOf } from './verdict.js'

/** A row of an experiment before it is measured. */
interface ExperimentRow {
  readonly variant: string
  readonly cost: ExperimentCost
  readonly kernels: ConvolutionKernels | null
  /** Speeds that the paper measured at this scale: batches a second on the GPU, images on the ARM processor. */
  readonly published: Readonly<Record<WidthSet, number>>
}

/** An experiment at one width set and scale, before it is measured; its first row is what the others run beside. */
export interface Experiment
  extends Pick<GuidelineTable, 'guideline' | 'title' | 'source' | 'expectation' | 'widths' | 'scale'> {
  readonly rows: readonly ExperimentRow[]
}

/**
 * An experiment and its measurement as one table, with the verdict.
 *
 * @param measurement of the rows' networks, in their order
 */
export function guidelineTable(
  { rows, ...experiment }: Experiment,
  measurement: InterleavedMeasurement,
): GuidelineTable {
  const { expectation, widths } = experiment
  const measured = rows.map((row, index) => besideFirst(row, rows, measurement.models, index))
  const findings = (speedOf: (row: GuidelineRow) => Estimate) =>
    measured.slice(1).map((row) => findingOf({ macsRatio: row.macsRatio, relativeSpeed: speedOf(row) }, expectation))
  const own = findings(({ relativeSpeed }) => relativeSpeed)
  return {
    ...experiment,
    verdict: verdictOf(own),
    publishedVerdict: verdictOf(findings(({ published }) => published[widths])),
    rows: measured.map((row, index) => ({ ...row, finding: own[index - 1] ?? null })),
    measurement,
  }
}

/** A row beside the first, not judged yet. */
function besideFirst(
  { variant, cost, kernels, published }: ExperimentRow,
  rows: readonly ExperimentRow[],
  models: readonly InterleavedRuns[],
  index: number,
): GuidelineRow {
  const [first] = rows as readonly [ExperimentRow]
  const [reference] = models as readonly [InterleavedRuns]
  const own = models[index] as InterleavedRuns
  const publishedBy = (widths: WidthSet) =>
    index === 0 ? same : publishedSpeed(first.published[widths], published[widths], widths)
  return {
    variant,
    ...cost,
    macsRatio: cost.macs / first.cost.macs,
    kernels,
    latencyMs: latencyOf(own),
    relativeSpeed: index === 0 ? same : relativeSpeed(reference, own),
    finding: null,
    published: { gpu: publishedBy('gpu'), arm: publishedBy('arm') },
  }
}

/** The first row beside itself. */
const same: Estimate = { point: 1, lower: 1, upper: 1, confidenceLevel: 1 }
