import { type Draft, type LintKernel, type LintRule, needsKernels } from './rule.js'

/** Kernels between the two changes: more is another part of the network. */
const longest = 8

const isBack = ({ kernel }: LintKernel): boolean => kernel.op === 'ReorderOutput' || kernel.op === 'Transpose'
const isThere = ({ kernel }: LintKernel): boolean => kernel.op === 'ReorderInput' || kernel.op === 'Transpose'

/** Kernels from one that changes the layout back to those that had changed it the other way. */
function regionOf(kernels: readonly LintKernel[], producers: ReadonlyMap<string, number>, last: number) {
  const changes: number[] = []
  const between = new Set<number>()
  const open = [...(kernels[last]?.kernel.inputs ?? [])]
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const place = producers.get(tensor)
    const found = place === undefined ? undefined : kernels[place]
    if (place === undefined || found === undefined || between.has(place)) continue
    if (found.inserted && isBack(found)) changes.push(place)
    else if (found.kernel.domain !== 'com.microsoft.nchwc' && between.size < longest) {
      between.add(place)
      open.push(...found.kernel.inputs)
    }
  }
  return { changes: [...new Set(changes)].sort((a, b) => a - b), between: [...between].sort((a, b) => a - b) }
}

function draftOf(kernels: readonly LintKernel[], producers: ReadonlyMap<string, number>, last: number): Draft[] {
  const { changes, between } = regionOf(kernels, producers, last)
  const own = between.map((place) => kernels[place]).filter((kernel) => kernel !== undefined)
  const nodes = own.flatMap((kernel) => kernel.nodes)
  if (changes.length === 0 || nodes.length === 0) return []
  const ops = [...new Set(own.map(({ kernel }) => kernel.op))].join(', ')
  return [
    {
      nodes,
      kernels: [...changes, last],
      message: `onnxruntime changes the layout before ${ops} and back behind, ${changes.length + 1} kernels that compute nothing`,
      try: 'Leave the operators between out, or use ones that have a form for blocks of channels: convolution, pooling, activation, Add, Mul and Concat.',
    },
  ]
}

export const redundantLayoutChange: LintRule = {
  id: 'redundant-layout-change',
  level: 'warning',
  summary: 'Data changes its layout for a few operators and changes back behind them.',
  source: 'onnxruntime, core/optimizer/nchwc_transformer.cc and transpose_optimization',
  fixable: false,
  unavailable: needsKernels,
  check({ executed }) {
    const kernels = executed?.kernels ?? []
    const producers = new Map(
      kernels.flatMap(({ kernel }, place) => kernel.outputs.filter(Boolean).map((name) => [name, place] as const)),
    )
    return kernels.flatMap((kernel, place) =>
      kernel.inserted && isThere(kernel) ? draftOf(kernels, producers, place) : [],
    )
  },
}
