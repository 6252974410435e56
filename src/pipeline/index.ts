/** What the commands do with a model, behind one door that only those open which need it. */
export { analyzeModel, costsOf } from './analyze.js'
export { open } from './open.js'
