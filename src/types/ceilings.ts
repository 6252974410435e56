import type { KernelClass } from './cost.js'
import type { KernelTimeModel } from './kernel-time.js'

/** Bandwidth reached by a chain of additions whose two inputs and output together take `workingSetBytes`. */
export interface BandwidthPoint {
  readonly workingSetBytes: number
  readonly bytesPerSecond: number
}

/** Numbers that a provider multiplies. */
export type Precision = 'float32' | 'float16' | 'int8'

/** The best that kernels of a class reached in the calibration networks. */
export interface ClassRate {
  readonly class: KernelClass
  readonly kernels: number
  /** Null where the class does no arithmetic. */
  readonly flopsPerSecond: number | null
  readonly bytesPerSecond: number
}

/** Short runs that tell whether the machine is as it was when it was calibrated: of arithmetic, memory and a whole network. */
export interface Probes {
  readonly arithmeticMs: number
  readonly memoryMs: number
  readonly networkMs: number
}

/** What this machine reaches through onnxruntime. */
export interface Ceilings {
  readonly measuredAt: string
  readonly fingerprint: string
  /** In float32. */
  readonly flopsPerSecond: number
  /** Null where the provider computes in another precision instead, or not at all. */
  readonly flopsPerSecondBy: Readonly<Record<Precision, number | null>>
  /** The micro-models behind them; the best of a precision counts. */
  readonly arithmetic: readonly {
    readonly name: string
    readonly precision: Precision
    readonly flopsPerSecond: number
  }[]
  /** Ascending in `workingSetBytes`. */
  readonly bandwidth: readonly BandwidthPoint[]
  /** Channels of a block in onnxruntime's blocked layout (NCHWc) on this machine; 1 where it uses none. */
  readonly vectorBlock: number
  /** Cost of one more kernel in a run, not profiled. */
  readonly dispatchMs: number
  /** Cost of one `run()` of a one-kernel model, through the Node binding. */
  readonly runMs: number
  /** What profiling adds to the reported time of one kernel. */
  readonly profilerMs: number
  /** Copying outputs into JavaScript. */
  readonly outputBytesPerSecond: number
  /** Attainable rates by kernel class. */
  readonly classes: readonly ClassRate[]
  /** How long kernels take, by kind; empty where the provider does not time its kernels. */
  readonly kernelTimes: readonly KernelTimeModel[]
  /** Measured latency over the predicted one, of each calibration network by the others. */
  readonly predictionRatios: readonly number[]
  readonly probes: Probes
  /** How many times as long the probes took when the ceilings were used: rates and times above are corrected by it. */
  readonly drift: { readonly arithmetic: number; readonly memory: number; readonly network: number }
}
