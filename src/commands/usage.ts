import { FlopgapError } from '../errors.js'

/** A command that needs a model was given none. */
export const missingModel = (): FlopgapError =>
  new FlopgapError('no-model', 'no model is given', 'Name an architecture (flopgap list) or an ONNX file.')
