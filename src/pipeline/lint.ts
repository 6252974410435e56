import { measuredModel, predictedModel } from '../analyzers/rules/executed.js'
import { rules as allRules } from '../analyzers/rules/index.js'
import { type Found, lint, reaches } from '../analyzers/rules/lint.js'
import type { ExecutedModel, LintContext, LintRule } from '../analyzers/rules/rule.js'
import { Wiring } from '../analyzers/rules/wiring.js'
import { FlopgapError } from '../errors.js'
import { didYouMean } from '../models/find.js'
import { noBinding } from '../onnx/bind.js'
import type {
  Analysis,
  Environment,
  Estimate,
  FailOn,
  GapReport,
  Graph,
  LintReport,
  Model,
  RuleInfo,
  Warning,
} from '../types.js'
import type { LintConfiguration } from './config.js'
import { costs } from './costs.js'
import { predictGraph } from './predict.js'
import { type ProfileOptions, profileModel, runnable } from './profile.js'
import { typed } from './typed.js'

export interface LintOptions extends Pick<ProfileOptions, 'binding' | 'threads' | 'provider' | 'seed' | 'onProgress'> {
  /**
   * Where times are from: the calibration (`predicted`, the default), runs (`measured`), an earlier profile of the model, or
   * nowhere (`none`): then the graph alone is looked at, and rules about kernels are skipped.
   */
  readonly costs?: 'predicted' | 'measured' | 'none' | GapReport
  /** Time to measure for, in milliseconds, where times are `measured`. */
  readonly maxTimeMs?: number
  /** Ids of the only rules to check. */
  readonly rules?: readonly string[]
  readonly configuration?: LintConfiguration
  /** The file that the configuration is from. */
  readonly configurationPath?: string | null
  /** The least level that fails; it goes before the configuration's. */
  readonly failOn?: FailOn
}

/** What lint found, and what a fix of it needs. */
export interface Linted {
  readonly report: LintReport
  readonly found: readonly Found[]
  readonly graph: Graph
}

/** Every rule, as `flopgap lint --list` shows them. */
export const ruleList = (): RuleInfo[] =>
  allRules.map(({ id, level, summary, source, fixable }) => ({ id, level, summary, source, fixable }))

/**
 * Where a model goes against what the literature and onnxruntime teach, and what that costs.
 *
 * @throws FlopgapError as `predictModel` or `profileModel`, by where times are from; `unknown-rule`
 */
export const lintModel = async (model: Model, options: LintOptions = {}): Promise<LintReport> =>
  (await lintWithDrafts(model, options)).report

/** As `lintModel`, with the drafts that findings came from. */
export async function lintWithDrafts(model: Model, options: LintOptions): Promise<Linted> {
  const { configuration = {}, configurationPath = null } = options
  const chosen = chosenRules(options.rules, configuration)
  const { graph, analysis, timing } = await looked(model, options)
  const context: LintContext = {
    graph,
    layers: analysis.layers,
    totals: analysis.totals,
    wiring: new Wiring(graph),
    executed: timing?.executed ?? null,
  }
  const settings = { levels: configuration.rules ?? {}, ignore: configuration.ignore ?? [] }
  const { found, rules } = lint(context, chosen, settings)
  const findings = found.map(({ finding }) => finding)
  const failOn = options.failOn ?? configuration.failOn ?? 'error'
  const report: LintReport = {
    model: analysis.model,
    totals: analysis.totals,
    environment: timing?.environment ?? null,
    latencyMs: timing?.latencyMs ?? null,
    basis: timing?.executed.basis ?? null,
    configuration: configurationPath,
    findings,
    rules,
    failOn,
    failed: reaches(findings, failOn),
    warnings: timing?.warnings ?? analysis.warnings,
  }
  return { report, found, graph }
}

interface Timing {
  readonly executed: ExecutedModel
  readonly environment: Environment
  readonly latencyMs: Estimate
  readonly warnings: readonly Warning[]
}

interface Looked {
  readonly graph: Graph
  readonly analysis: Analysis
  readonly timing: Timing | null
}

/** A model's graph with what it costs, and its kernels where they are wanted. */
async function looked(model: Model, { costs: wanted = 'predicted', ...options }: LintOptions): Promise<Looked> {
  const binding = options.binding ?? noBinding
  if (typeof wanted === 'object') return withProfile(model, wanted)
  if (wanted === 'measured') {
    const report = await profileModel(model, options)
    return { graph: await typed(model, binding), analysis: report, timing: timingOf(report) }
  }
  if (wanted === 'none') {
    const graph = await typed(model, binding)
    return { graph, analysis: costs(graph), timing: null }
  }
  const graph = await runnable(model, binding, 'cpu')
  const { report, kernels } = await predictGraph(graph, options)
  const { environment, warnings, prediction } = report
  const executed = predictedModel(report, kernels)
  return { graph, analysis: report, timing: { executed, environment, warnings, latencyMs: prediction.latencyMs } }
}

async function withProfile(model: Model, report: GapReport): Promise<Looked> {
  const shapes = Object.fromEntries(
    report.model.inputs.flatMap(({ name, shape }) => (shape === null ? [] : [[name, shape.map(Number)]])),
  )
  const graph = await typed(model, { shapes, dims: {} })
  return { graph, analysis: report, timing: timingOf(report) }
}

const timingOf = (report: GapReport): Timing => ({
  executed: measuredModel(report),
  environment: report.environment,
  latencyMs: report.measurement.latencyMs,
  warnings: report.warnings,
})

/** @throws FlopgapError `unknown-rule` where an option or the configuration names one that there is not */
function chosenRules(wanted: readonly string[] | undefined, configuration: LintConfiguration): readonly LintRule[] {
  const ids = allRules.map(({ id }) => id)
  const ignored = (configuration.ignore ?? []).map(({ rule }) => rule)
  for (const id of [...(wanted ?? []), ...Object.keys(configuration.rules ?? {}), ...ignored]) {
    if (ids.includes(id)) continue
    throw new FlopgapError(
      'unknown-rule',
      `there is no rule ${JSON.stringify(id)}${didYouMean(id, ids)}`,
      'flopgap lint --list shows all of them.',
    )
  }
  return wanted === undefined ? allRules : allRules.filter(({ id }) => wanted.includes(id))
}
