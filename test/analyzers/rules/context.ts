import { analyze } from '../../../src/analyzers/analyze.js'
import { rules } from '../../../src/analyzers/rules/index.js'
import { type LintSettings, lint } from '../../../src/analyzers/rules/lint.js'
import type { ExecutedModel, LintContext, LintKernel } from '../../../src/analyzers/rules/rule.js'
import { Wiring } from '../../../src/analyzers/rules/wiring.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { inferShapes } from '../../../src/runtime/shapes.js'
import type { Finding, Model } from '../../../src/types.js'
import { executedKernel } from '../measured.js'

/** What rules see of a model; `executed` as a test says it runs. */
export async function contextOf(model: Model, executed: ExecutedModel | null = null): Promise<LintContext> {
  const graph = await inferShapes(model, noBinding)
  const { layers, totals } = analyze(graph)
  return { graph, layers, totals, wiring: new Wiring(graph), executed }
}

export const noSettings: LintSettings = { levels: {}, ignore: [] }

/** Findings of one rule. */
export function findingsIn(context: LintContext, id: string): Finding[] {
  const rule = rules.filter((one) => one.id === id)
  if (rule.length !== 1) throw new Error(`no rule ${id}`)
  return lint(context, rule, noSettings).found.map(({ finding }) => finding)
}

/** Findings of one rule in a model, by its graph alone. */
export const findings = async (model: Model, id: string): Promise<Finding[]> => findingsIn(await contextOf(model), id)

/** A kernel that takes a millisecond. */
export const kernelOf = (
  op: string,
  nodes: readonly number[],
  { kernel, ...parts }: Omit<Partial<LintKernel>, 'kernel'> & { kernel?: Partial<LintKernel['kernel']> } = {},
): LintKernel => ({
  class: 'other',
  nodes,
  inserted: false,
  ms: 1,
  ...parts,
  kernel: executedKernel({ name: op, op, ...kernel }),
})

/** Kernels of a run of ten milliseconds. */
export const executedOf = (kernels: readonly LintKernel[], parts: Partial<ExecutedModel> = {}): ExecutedModel => ({
  basis: 'measured',
  provider: 'cpu',
  latencyMs: 10,
  vectorBlock: 16,
  kernels,
  ...parts,
})
