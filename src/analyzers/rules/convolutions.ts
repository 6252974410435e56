import { elements } from '../../onnx/element-types.js'
import { fixedShape } from '../../onnx/fixed-shape.js'
import { attributesOf } from '../ops/rule.js'
import type { LintContext } from './rule.js'

/** A convolution X [N, C, D…] → Y [N, M, D'…] with W [M, C/group, k…]. */
export interface Convolution {
  readonly index: number
  readonly input: string
  readonly output: string
  readonly inputChannels: number
  readonly outputChannels: number
  readonly group: number
  readonly kernel: readonly number[]
  /** Of the output, of all images. */
  readonly positions: number
  /** Of one image of the output. */
  readonly pixels: number
  readonly weightElements: number
  readonly isPointwise: boolean
  /** One filter a channel, or several. */
  readonly isDepthwise: boolean
}

/** The convolution that a node is; null for other nodes, and where a shape is not known. */
export function convolutionAt({ graph, wiring }: Pick<LintContext, 'graph' | 'wiring'>, index: number) {
  const { op, domain, inputs, outputs, attributes } = wiring.node(index)
  if (op !== 'Conv' || domain !== '') return null
  const [input = '', filter = ''] = inputs
  const [output = ''] = outputs
  const [x, w, y] = [input, filter, output].map((name) => fixedShape(graph.tensors.get(name)))
  if (!x || !w || !y) return null
  const group = attributesOf(attributes).int('group', 1)
  const [inputChannels = 0, outputChannels = 0] = [x[1], y[1]]
  const kernel = w.slice(2)
  return {
    ...{ index, input, output, inputChannels, outputChannels, group, kernel },
    positions: elements(y) / Math.max(1, outputChannels),
    pixels: elements(y.slice(2)),
    weightElements: elements(w),
    isPointwise: elements(kernel) === 1,
    isDepthwise: group > 1 && group === inputChannels,
  } satisfies Convolution
}

/** Every convolution whose shapes are known, in the file's order. */
export const convolutions = (context: Pick<LintContext, 'graph' | 'wiring'>): Convolution[] =>
  context.wiring.nodes.flatMap((_, index) => convolutionAt(context, index) ?? [])

/** `3x3`. */
export const sizeOf = ({ kernel }: Convolution): string => kernel.join('x')
