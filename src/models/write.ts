import { encodeModel } from '../onnx/encode.js'
import { writeAtomically } from '../output.js'
import type { Model } from '../types.js'
import { generate } from './values.js'

/**
 * Writes a built model as an ONNX file, with weights drawn from `seed`; the same bytes for the same model and seed.
 *
 * Weights are made piece by piece as they are written. `check` sees the finished file before it takes its place.
 * @throws FlopgapError `unwritable-output`
 */
export const writeModel = (
  model: Model,
  seed: number,
  path: string,
  check: (path: string) => Promise<void> = async () => {},
): Promise<void> =>
  writeAtomically(
    path,
    encodeModel(model, (weight) => generate(weight, seed)),
    check,
  )
