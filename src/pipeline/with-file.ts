import { dirname, join } from 'node:path'
import { FlopgapError } from '../errors.js'
import { writeModel } from '../models/write.js'
import { openInputs } from '../onnx/bind.js'
import { boundCopy } from '../onnx/bound-copy.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import { checkLimit } from '../onnx/protobuf-limit.js'
import { writeAtomically } from '../output.js'
import { withScratchFolder } from '../runtime/scratch.js'
import type { ModelFile } from '../runtime/session.js'
import type { Graph } from '../types.js'

/**
 * The file of a graph's model with all its input sizes fixed, which onnxruntime optimises for: a file that leaves some open
 * has a copy, and a built model a file, for as long as it is used.
 *
 * @param use has what to run, and the model itself: the person's own file, or the built one
 * @throws FlopgapError `too-large-model`; `unwritable-output`
 */
export async function withFile<T>(
  { model, tensors }: Graph,
  seed: number,
  use: (file: ModelFile, original: string) => Promise<T>,
): Promise<T> {
  checkLimit(model)
  const { origin } = model
  const open = openInputs(model)
  if (origin.kind === 'file' && open.length === 0) return use({ path: origin.path }, origin.path)
  return withScratchFolder(async (folder) => {
    const path = join(folder, 'model.onnx')
    if (origin.kind === 'spec') {
      await writeModel(model, seed, path).catch(lacksRoom)
      return use({ path }, path)
    }
    const shapes = new Map(open.map(({ name }) => [name, fixedShape(tensors.get(name)) ?? []]))
    await writeAtomically(path, boundCopy(origin.path, shapes)).catch(lacksRoom)
    return use({ path, dataFolder: dirname(origin.path) }, origin.path)
  })
}

/** Nobody named the place of a temporary file. */
function lacksRoom(error: unknown): never {
  if (!(error instanceof FlopgapError) || error.code !== 'unwritable-output') throw error
  throw new FlopgapError(error.code, error.message, 'Set TMPDIR to a folder with room for a copy of the model.')
}
