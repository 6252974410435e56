import type { InferenceSession } from 'onnxruntime-node'
import type { ErrorCode } from '../errors.js'
import type { SessionSettings } from '../types.js'
import { explain, onnxruntime } from './ort.js'

/**
 * The options every session is measured with.
 *
 * Threads are explicit, since onnxruntime's default counts the host's cores and not the container's.
 */
export const sessionOptions = ({
  provider,
  threads,
  optimization,
}: SessionSettings): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  graphOptimizationLevel: optimization,
  executionMode: 'sequential',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
})

/** What went wrong in a measuring process, and at which stage. */
export class StageError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, cause: unknown) {
    super(explain(cause))
    this.code = code
  }
}

/** @throws StageError `provider-unavailable` or `rejected-model` */
export async function createSession(
  path: string,
  settings: SessionSettings,
  extra: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  try {
    return await onnxruntime().InferenceSession.create(path, { ...sessionOptions(settings), ...extra })
  } catch (error) {
    const isProvider = settings.provider !== 'cpu' && /provider|adapter|device|webgpu|cuda|library/i.test(String(error))
    throw new StageError(isProvider ? 'provider-unavailable' : 'rejected-model', error)
  }
}
