import { fixedShape } from '../../onnx/fixed-shape.js'
import { dominators } from './dominators.js'
import type { Draft, LintContext, LintRule } from './rule.js'
import type { Wiring } from './wiring.js'

/**
 * ShuffleNet V2 measured one, two and four branches; its own units, ResNet's and Xception's have two, the Inception
 * modules that the guideline is about have four.
 */
const fewestBranches = 3

/** Where branches come together again: a map [N, C, H, W] made of several. */
function isJoin({ graph, wiring }: LintContext, index: number): boolean {
  const { op, domain, attributes, outputs } = wiring.node(index)
  const dims = fixedShape(graph.tensors.get(outputs[0] ?? ''))
  if (domain !== '' || dims === null || dims.length < 4) return false
  const { axis } = attributes
  return op === 'Add' || op === 'Sum' || (op === 'Concat' && axis?.type === 'int' && axis.value === 1)
}

const isWork = (wiring: Wiring, index: number): boolean =>
  /^(Conv|ConvTranspose|MaxPool|AveragePool|LpPool)$/.test(wiring.node(index).op)

/** Nodes between a tensor and the fork it comes from, itself included. */
function between(wiring: Wiring, tensor: string, fork: number): Set<number> {
  const found = new Set<number>()
  const open = [tensor]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const index = wiring.producer(name)
    if (index === undefined || index === fork || found.has(index)) continue
    found.add(index)
    open.push(...wiring.data(index))
  }
  return found
}

/** Convolutions and poolings of each branch that no other branch shares. */
function branchesOf(wiring: Wiring, join: number, fork: number): number[][] {
  const paths = wiring.data(join).map((tensor) => between(wiring, tensor, fork))
  return paths.map((path, own) =>
    [...path].filter((index) => isWork(wiring, index) && !paths.some((other, i) => i !== own && other.has(index))),
  )
}

function draftOf({ wiring }: LintContext, join: number, fork: number): Draft[] {
  const branches = branchesOf(wiring, join, fork).filter((branch) => branch.length > 0)
  if (branches.length < fewestBranches) return []
  const nodes = branches.flat().sort((a, b) => a - b)
  return [
    {
      nodes: [join, ...nodes],
      message: `${branches.length} branches side by side, with ${nodes.length} convolutions and poolings, where one would do the work of all`,
      try: 'Merge branches: convolutions of one size that read the same tensor into one, or all of them into a single wider one.',
    },
  ]
}

export const fragmentation: LintRule = {
  id: 'fragmentation',
  level: 'warning',
  summary:
    'A block splits its work into many small branches, which cannot be run in parallel as well as one large one.',
  source: 'ShuffleNet V2, arXiv 1807.11164, G3 and Table 3',
  fixable: false,
  check(context) {
    const nearest = dominators(context.wiring)
    return [...nearest].flatMap((fork, join) =>
      context.wiring.data(join).length >= fewestBranches && isJoin(context, join) ? draftOf(context, join, fork) : [],
    )
  },
}
