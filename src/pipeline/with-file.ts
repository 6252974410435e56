import { join } from 'node:path'
import { writeModel } from '../models/write.js'
import { checkLimit } from '../onnx/protobuf-limit.js'
import { withScratchFolder } from '../runtime/scratch.js'
import type { Model } from '../types.js'

/**
 * A built model has no file yet: it gets one for as long as it is used.
 *
 * @throws FlopgapError `too-large-model`
 */
export async function withFile<T>(model: Model, seed: number, use: (path: string) => Promise<T>): Promise<T> {
  checkLimit(model)
  if (model.origin.kind === 'file') return use(model.origin.path)
  return withScratchFolder(async (folder) => {
    const path = join(folder, 'model.onnx')
    await writeModel(model, seed, path)
    return use(path)
  })
}
