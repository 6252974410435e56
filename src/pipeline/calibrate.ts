export { calibrate, ceilingsFor } from '../runtime/calibrate.js'
export { checkProvider, environmentOf } from '../runtime/environment.js'
