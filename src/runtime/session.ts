import type { InferenceSession } from 'onnxruntime-node'
import type { ErrorCode } from '../errors.js'
import type { SessionSettings } from '../types.js'
import { explain, onnxruntime } from './ort.js'
import { isOfProvider } from './unavailable.js'

/** A file that sessions are made of. */
export interface ModelFile {
  readonly path: string
  /** Where its external data lies, where that is not beside it: onnxruntime follows no link out of a model's folder. */
  readonly dataFolder?: string
}

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

/**
 * The options for a session of a file, some of its own among them.
 *
 * @see https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_session_options_config_keys.h
 */
export function optionsFor(
  { dataFolder }: ModelFile,
  settings: SessionSettings,
  own: InferenceSession.SessionOptions = {},
): InferenceSession.SessionOptions {
  const elsewhere = dataFolder === undefined ? {} : { model_external_initializers_file_folder_path: dataFolder }
  const session = { ...elsewhere, ...(own.extra?.session as object | undefined) }
  return { ...sessionOptions(settings), ...own, extra: { session } }
}

/** For a session that takes turns: while it waits its threads would spin, and take the core from the other's. */
export const restingThreads: InferenceSession.SessionOptions = { extra: { session: { force_spinning_stop: '1' } } }

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
  file: ModelFile,
  settings: SessionSettings,
  own: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  try {
    return await onnxruntime().InferenceSession.create(file.path, optionsFor(file, settings, own))
  } catch (error) {
    throw new StageError(isOfProvider(error) ? 'provider-unavailable' : 'rejected-model', error)
  }
}
