import { namesRead } from '../onnx/body.js'
import { isFloating } from '../onnx/element-types.js'
import { limitWarnings } from '../onnx/protobuf-limit.js'
import type { BodyCost, Coverage, Graph, LayerCost, Warning } from '../types.js'

/** What a person should know before trusting the totals of a graph. */
export function warningsOf({ model }: Graph, layers: readonly LayerCost[], coverage: Coverage): Warning[] {
  const warnings: Warning[] = [...limitWarnings(model), ...layers.flatMap(bodyWarnings)]
  if (coverage.uncounted > 0) {
    warnings.push({
      code: 'uncounted',
      message: uncountedMessage(coverage),
      hint: 'Totals leave them out. --strict makes that a failure.',
    })
  }
  if (coverage.unsized > 0) {
    warnings.push({
      code: 'unknown-size',
      message: `${coverage.unsized} of ${coverage.nodes} nodes have a tensor of unknown size: memory totals leave them out`,
      hint: 'Where data decide a size, flopgap profile shows that of a run.',
    })
  }
  const used = new Set(model.nodes.flatMap(namesRead))
  for (const { name } of model.outputs) used.add(name)
  const unused = [...model.weights.values()].filter(
    ({ name, elementType }) => isFloating(elementType) && !used.has(name),
  )
  if (unused.length > 0) {
    warnings.push({
      code: 'unused-weights',
      message:
        unused.length === 1
          ? `weight ${JSON.stringify(unused[0]?.name)} is used by no node`
          : `${unused.length} weights are used by no node, ${JSON.stringify(unused[0]?.name)} first`,
      hint: 'They are not counted as params.',
    })
  }
  return warnings
}

/** `3 of 60 nodes (5.0 %) are not counted; no rule: custom.Odd 2; unknown shape: MatMul 1`. */
function uncountedMessage({ uncounted, nodes, uncountedBy }: Coverage): string {
  const share = ((uncounted / nodes) * 100).toFixed(1)
  const because = (['no-rule', 'unknown-shape'] as const).flatMap((reason) => {
    const named = uncountedBy.filter((by) => by.reason === reason).map(({ op, nodes }) => `${op} ${nodes}`)
    return named.length === 0 ? [] : [`${reason.replace('-', ' ')}: ${named.join(', ')}`]
  })
  const verb = uncounted === 1 ? 'is' : 'are'
  return [`${uncounted} of ${nodes} nodes (${share} %) ${verb} not counted`, ...because].join('; ')
}

/** What is not known of how often the graphs inside a node run. */
function bodyWarnings({ name, op, bodies = [] }: LayerCost): Warning[] {
  const inner = bodies.flatMap(({ layers }) => layers.flatMap(bodyWarnings))
  const quoted = JSON.stringify(name)
  const flops = (body: BodyCost) => body.layers.reduce((sum, layer) => sum + (layer.flops ?? 0), 0)
  if (bodies.some(({ times }) => times === null)) {
    const warning = {
      code: 'per-iteration',
      message: `${op} ${quoted} runs its body as often as data say: it is counted once`,
      hint: 'Its figures are those of one iteration.',
    }
    return [warning, ...inner]
  }
  const isOpen = bodies.length === 2 && bodies.every(({ times }) => times === 1)
  if (!isOpen) return inner
  const costs = bodies.map((body) => `${body.name} ${flops(body)}`).join(', ')
  const warning = {
    code: 'open-branch',
    message: `data decide which branch of ${op} ${quoted} runs: the dearer one is counted (FLOPs: ${costs})`,
    hint: 'The JSON report has both.',
  }
  return [warning, ...inner]
}
