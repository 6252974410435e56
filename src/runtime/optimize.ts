import { join } from 'node:path'
import type { InferenceSession } from 'onnxruntime-node'
import { load } from '../onnx/load.js'
import type { Model, SessionSettings } from '../types.js'
import { onnxruntime } from './ort.js'
import { rejected } from './refusals.js'
import { type ModelFile, optionsFor } from './session.js'

/** Options with which a session writes the graph that it executes, its weights in a file beside it. */
export const writesOptimized = (path: string): InferenceSession.SessionOptions => ({
  optimizedModelFilePath: path,
  extra: {
    session: {
      optimized_model_external_initializers_file_name: 'optimized.data',
      optimized_model_external_initializers_min_size_in_bytes: '1024',
    },
  },
})

/**
 * The graph that onnxruntime makes of a file to execute it. Nothing is run, but weights are read.
 *
 * @param folder for files that nobody needs afterwards
 * @throws FlopgapError `rejected-model`
 */
export async function optimize(file: ModelFile, settings: SessionSettings, folder: string): Promise<Model> {
  const optimizedPath = join(folder, 'optimized.onnx')
  try {
    const options = optionsFor(file, settings, writesOptimized(optimizedPath))
    const session = await onnxruntime().InferenceSession.create(file.path, options)
    await session.release()
  } catch (error) {
    throw rejected(error)
  }
  return load(optimizedPath)
}
