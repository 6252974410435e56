import type { InferenceSession } from 'onnxruntime-node'
import type { SessionSettings } from '../types.js'

/**
 * The options every session is measured with.
 *
 * Threads are explicit, since onnxruntime's default counts the host's cores and not the container's.
 */
export const sessionOptions = ({ provider, threads }: SessionSettings): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
})
