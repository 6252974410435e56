import type { TensorType } from './model.js'

export interface Estimate {
  readonly point: number
  readonly lower: number
  readonly upper: number
  readonly confidenceLevel: number
}

/** What a provider computes on. */
export interface Adapter {
  readonly name: string
  /** The library that drives it. */
  readonly driver: string
  /** True where that computes on the CPU. */
  readonly isSoftware: boolean
}

/** Everything that decides what a time means, and where it was taken. */
export interface Environment {
  readonly provider: string
  /** Null for the CPU, and for a provider that does not tell. */
  readonly adapter: Adapter | null
  readonly threads: number
  readonly onnxruntime: string
  readonly node: string
  readonly platform: string
  readonly arch: string
  readonly cpu: string
  readonly logicalCpus: number
  readonly memoryBytes: number
}

/** How far onnxruntime rewrites a graph before it runs it; each level includes those before it. */
export type OptimizationLevel = 'disabled' | 'basic' | 'extended' | 'layout' | 'all'

/** How a session is made: the options that change what runs. */
export interface SessionSettings {
  readonly provider: string
  readonly threads: number
  readonly optimization: OptimizationLevel
  /** What the provider was found to compute on, where it tells. */
  readonly adapter?: Adapter
}

export type KernelAttribute = number | string | readonly number[]

/**
 * What a kernel's time is: `kernel`, how long it ran, as onnxruntime timed it; `gpu`, how long the GPU worked on it, by
 * the GPU's own clock; `launch`, how long handing it to a device took, which says nothing about its own time.
 */
export type TimeSource = 'kernel' | 'gpu' | 'launch'

/** A kernel that onnxruntime executes, and its times in a profiled session. */
export interface ExecutedKernel {
  readonly name: string
  readonly op: string
  readonly domain: string
  readonly provider: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Those of the optimised graph's node that are numbers or names: groups, strides, a fused activation. */
  readonly attributes: Readonly<Record<string, KernelAttribute>>
  readonly inputTypes: readonly TensorType[]
  readonly outputTypes: readonly TensorType[]
  /** Mean of the middle half of the profiled runs, as the profiler reports it. */
  readonly profiledMs: number
  readonly timeSource: TimeSource
}

/** The graph onnxruntime executes, after folding, fusing and re-laying out. */
export interface ExecutedGraph {
  readonly kernels: readonly ExecutedKernel[]
  readonly profiledRuns: number
  /** Median wall time of one profiled run. */
  readonly profiledRunMs: number
}

/** How one launch, a process of its own, began: what a user waits for once. */
export interface Launch {
  /** Loading onnxruntime itself. */
  readonly runtimeLoadMs: number
  /** Reading the model, optimising it, packing weights. */
  readonly sessionCreateMs: number
  readonly firstRunMs: number
  /** The first run included. */
  readonly warmupRuns: number
  readonly reachedSteadyState: boolean
  /** How many of the measurement's runs it made. */
  readonly runs: number
}

/** Runs of one model, launch after launch. */
export interface Sampled {
  readonly launches: readonly Launch[]
  /** Wall time of each run after warm-up, in time order. */
  readonly runsMs: readonly number[]
  /** CPU time of the process over the same runs, all threads. */
  readonly runsCpuMs: readonly number[]
  readonly outputBytes: number
}

/** What a profiled session showed. */
export interface Profiled {
  readonly executed: ExecutedGraph
  /** Median wall time of one profiled run as the caller sees it: `executed.profiledRunMs`, binding and output copies. */
  readonly profiledWallMs: number
  /** Median wall time of the runs without a profiler that took turns with the profiled ones. */
  readonly plainWallMs: number
  /** Parts of the session's creation, in the profiled session: reading the file; optimising and packing. */
  readonly creation: { readonly loadMs: number; readonly initializeMs: number }
}

/** What measuring processes saw, in time order and unjudged: everything after it is arithmetic. */
export interface Measurement extends Sampled, Profiled {
  readonly settings: SessionSettings
}
