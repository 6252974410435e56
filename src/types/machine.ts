import type { TensorType } from './model.js'

export interface Estimate {
  readonly point: number
  readonly lower: number
  readonly upper: number
  readonly confidenceLevel: number
}

/** Everything that decides what a time means, and where it was taken. */
export interface Environment {
  readonly provider: string
  readonly threads: number
  readonly onnxruntime: string
  readonly node: string
  readonly platform: string
  readonly arch: string
  readonly cpu: string
  readonly logicalCpus: number
  readonly memoryBytes: number
}

/** How a session is made: the options that change what runs. */
export interface SessionSettings {
  readonly provider: string
  readonly threads: number
}

/** Bandwidth reached by a chain of additions whose two inputs and output together take `workingSetBytes`. */
export interface BandwidthPoint {
  readonly workingSetBytes: number
  readonly bytesPerSecond: number
}

/** What this machine reaches through onnxruntime. */
export interface Ceilings {
  readonly measuredAt: string
  readonly fingerprint: string
  readonly flopsPerSecond: number
  /** The micro-models behind `flopsPerSecond`, which is their best. */
  readonly arithmetic: readonly { readonly name: string; readonly flopsPerSecond: number }[]
  /** Ascending in `workingSetBytes`. */
  readonly bandwidth: readonly BandwidthPoint[]
  /** Cost of one more kernel in a run, not profiled. */
  readonly dispatchMs: number
  /** Cost of one `run()` of a one-kernel model, through the Node binding. */
  readonly runMs: number
  /** What profiling adds to the reported time of one kernel. */
  readonly profilerMs: number
  /** What profiling adds to a run for each of its kernels, reported or not. */
  readonly profilerRunMs: number
}

/** A kernel that onnxruntime executes, and its times in a profiled session. */
export interface ExecutedKernel {
  readonly name: string
  readonly op: string
  readonly domain: string
  readonly provider: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly group: number | null
  readonly inputTypes: readonly TensorType[]
  readonly outputTypes: readonly TensorType[]
  /** Median over the profiled runs, as the profiler reports it. */
  readonly profiledMs: number
}

/** The graph onnxruntime executes, after folding, fusing and re-laying out. */
export interface ExecutedGraph {
  readonly kernels: readonly ExecutedKernel[]
  /** Names of constant tensors. */
  readonly constants: readonly string[]
  readonly profiledRuns: number
  /** Median wall time of one profiled run. */
  readonly profiledRunMs: number
}

/** What one measuring process saw, in time order and unjudged: everything after it is arithmetic. */
export interface Measurement {
  readonly settings: SessionSettings
  readonly sessionCreateMs: number
  readonly firstRunMs: number
  readonly warmupRuns: number
  readonly reachedSteadyState: boolean
  /** Wall time of each run after warm-up. */
  readonly runsMs: readonly number[]
  /** CPU time of the process over the same runs, all threads, in all. */
  readonly cpuMs: number
  readonly outputBytes: number
  readonly executed: ExecutedGraph
  /** Median wall time of one profiled run as the caller sees it: `executed.profiledRunMs`, binding and output copies. */
  readonly profiledWallMs: number
}
