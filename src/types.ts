/**
 * The records that flow through flopgap, from a model to a report. No code.
 *
 * Units are in the names. `macs` are multiply-accumulates, `flops` floating-point operations (one MAC is two),
 * bytes are what a kernel must read and write once. `null` is "not known", never zero.
 */

export type * from './types/analysis.js'
export type * from './types/baseline.js'
export type * from './types/calibration.js'
export type * from './types/ceilings.js'
export type * from './types/claims.js'
export type * from './types/compare.js'
export type * from './types/convention.js'
export type * from './types/cost.js'
export type * from './types/diff.js'
export type * from './types/edit.js'
export type * from './types/executed.js'
export type * from './types/gap.js'
export type * from './types/gate.js'
export type * from './types/guidelines.js'
export type * from './types/interleaved.js'
export type * from './types/kernel-time.js'
export type * from './types/lint.js'
export type * from './types/machine.js'
export type * from './types/memory.js'
export type * from './types/model.js'
export type * from './types/prediction.js'
export type * from './types/receptive-field.js'
export type * from './types/selfcheck.js'
