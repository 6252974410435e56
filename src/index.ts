/** flopgap as a library: build or load a network, count what it costs, measure it, explain the gap. */
export { FlopgapError } from './errors.js'
export { build } from './models/spec.js'
export { writeModel as write } from './models/write.js'
export type { Binding } from './onnx/bind.js'
export { load } from './onnx/load.js'
export { analyzeModel as analyze } from './pipeline/analyze.js'
export { type ProfileOptions, profileModel as profile } from './pipeline/profile.js'
export type * from './types.js'
