export { calibrate, ceilingsFor } from '../runtime/calibrate.js'
export { usable } from '../runtime/adapter.js'
export { environmentOf } from '../runtime/environment.js'
