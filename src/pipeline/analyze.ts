import { type Binding, noBinding } from '../onnx/bind.js'
import { inferShapes } from '../runtime/shapes.js'
import type { Analysis, Model } from '../types.js'
import { costs } from './costs.js'

/**
 * What a model costs, without running it.
 *
 * @param binding sizes for the dimensions that the model leaves open
 * @throws FlopgapError `free-dimensions`, `bad-shape` or `rejected-model`
 */
export async function analyzeModel(model: Model, binding: Binding = noBinding): Promise<Analysis> {
  const { identify } = await import('../analyzers/identify.js')
  return identify(await costsOf(model, binding), model, null)
}

/** As `analyzeModel`, without the model's hash. */
export const costsOf = async (model: Model, binding: Binding): Promise<Analysis> =>
  costs(await inferShapes(model, binding))
