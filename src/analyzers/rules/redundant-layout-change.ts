import { type Draft, type LintKernel, type LintRule, needsKernels } from './rule.js'

const isBlocked = ({ kernel, inserted }: LintKernel): boolean => kernel.domain === 'com.microsoft.nchwc' && !inserted

/** Parts of the graph that are not in blocks of channels, with the kernels that change the layout at their borders. */
function regionsOf(kernels: readonly LintKernel[]): number[][] {
  const producers = new Map(
    kernels.flatMap(({ kernel }, place) => kernel.outputs.filter(Boolean).map((name) => [name, place] as const)),
  )
  const region = kernels.map((_, place) => place)
  const rootOf = (place: number): number => {
    const next = region[place] ?? place
    if (next === place) return place
    const root = rootOf(next)
    region[place] = root
    return root
  }
  for (const [place, kernel] of kernels.entries()) {
    if (isBlocked(kernel)) continue
    for (const name of kernel.kernel.inputs) {
      const source = producers.get(name)
      const before = source === undefined ? undefined : kernels[source]
      if (source !== undefined && before !== undefined && !isBlocked(before)) region[rootOf(place)] = rootOf(source)
    }
  }
  const places = new Map<number, number[]>()
  for (const place of kernels.keys()) places.set(rootOf(place), [...(places.get(rootOf(place)) ?? []), place])
  return [...places.values()]
}

/** Whether a kernel of some place reads what a blocked kernel wrote, or writes what one reads. */
function bordersOf(kernels: readonly LintKernel[], places: readonly number[]) {
  const made = new Set(kernels.flatMap((kernel) => (isBlocked(kernel) ? kernel.kernel.outputs : [])))
  const read = new Set(kernels.flatMap((kernel) => (isBlocked(kernel) ? kernel.kernel.inputs : [])))
  const changes = places.filter((place) => kernels[place]?.inserted)
  return {
    changes,
    comesBack: changes.some((place) => kernels[place]?.kernel.inputs.some((name) => made.has(name))),
    goesThere: changes.some((place) => kernels[place]?.kernel.outputs.some((name) => read.has(name))),
  }
}

function draftOf(kernels: readonly LintKernel[], places: readonly number[]): Draft[] {
  const { changes, comesBack, goesThere } = bordersOf(kernels, places)
  const own = places.flatMap((place) => kernels[place] ?? []).filter(({ inserted }) => !inserted)
  const nodes = own.flatMap((kernel) => kernel.nodes)
  if (!comesBack || !goesThere || nodes.length === 0) return []
  const ops = [...new Set(own.map(({ kernel }) => kernel.op))].join(', ')
  return [
    {
      nodes,
      kernels: changes,
      message: `onnxruntime changes the layout before ${ops} and back behind: ${changes.length} kernels that compute nothing`,
      try: 'Leave the operators between out, or use ones that have a form for blocks of channels: convolution, pooling, activation, Concat, Add and Mul of equal shapes, all on whole blocks.',
    },
  ]
}

export const redundantLayoutChange: LintRule = {
  id: 'redundant-layout-change',
  level: 'warning',
  summary: 'Data changes its layout for a few operators and changes back behind them.',
  source: 'onnxruntime, core/optimizer/nchwc_transformer.cc',
  fixable: false,
  unavailable: needsKernels,
  check({ executed }) {
    const kernels = executed?.kernels ?? []
    return regionsOf(kernels).flatMap((places) => draftOf(kernels, places))
  },
}
