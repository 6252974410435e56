import { type Analyzed, diff } from '../analyzers/diff.js'
import { identify } from '../analyzers/identify.js'
import { type Binding, noBinding, sharedBinding } from '../onnx/bind.js'
import type { Model, ModelDiff } from '../types.js'
import { costs } from './costs.js'
import { naming } from './naming.js'
import { typed } from './typed.js'

export interface DiffOptions {
  /** Sizes for what either model leaves open. */
  readonly binding?: Binding
  /** Sizes for the second model only, where they are not those of the first. */
  readonly afterBinding?: Binding
}

/**
 * What changes from one model to another, without running either.
 *
 * @throws FlopgapError as `analyzeModel`, naming the model
 */
export async function diffModels(before: Model, after: Model, options: DiffOptions = {}): Promise<ModelDiff> {
  const { binding = noBinding, afterBinding = noBinding } = options
  const [first = noBinding, second = noBinding] = sharedBinding([before, after], binding)
  return diff(await analyzed(before, first), await analyzed(after, replaced(after, second, afterBinding)))
}

/** A model's own sizes in the place of those given for both. */
function replaced({ inputs }: Model, shared: Binding, own: Binding): Binding {
  // with and without its name, a shape is that of the only input
  const isWhole = inputs.length === 1 && Object.keys(own.shapes).length > 0
  return { shapes: { ...(isWhole ? {} : shared.shapes), ...own.shapes }, dims: { ...shared.dims, ...own.dims } }
}

async function analyzed(model: Model, binding: Binding): Promise<Analyzed> {
  try {
    const graph = await typed(model, binding)
    return { graph, analysis: identify(costs(graph), model, null) }
  } catch (error) {
    throw naming(model.origin.kind === 'spec' ? model.origin.spec : model.name, error)
  }
}
