import { analyze } from '../analyzers/analyze.js'
import { type Binding, noBinding } from '../onnx/bind.js'
import { inferShapes } from '../runtime/shapes.js'
import type { Analysis, Model } from '../types.js'
import { open } from './open.js'

/**
 * What a model costs, without running it.
 *
 * @param binding sizes for the dimensions that the model leaves open
 * @throws FlopgapError `free-dimensions`, `bad-shape` or `rejected-model`
 */
export const analyzeModel = async (model: Model, binding: Binding = noBinding): Promise<Analysis> =>
  analyze(await inferShapes(model, binding))

/** As `analyzeModel`, of a model by its spec or its file. */
export const analyzeTarget = (target: string, binding: Binding): Promise<Analysis> =>
  analyzeModel(open(target), binding)
