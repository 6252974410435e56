import { createRequire } from 'node:module'
import type { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'

interface OnnxRuntime {
  readonly InferenceSession: typeof InferenceSession
  readonly Tensor: typeof Tensor
  readonly listSupportedBackends: typeof listSupportedBackends
}

let loaded: OnnxRuntime | undefined

/**
 * onnxruntime, loaded at first use: it costs as much as starting Node.
 *
 * Its telemetry stays off unless the person sets ORT_DISABLE_TELEMETRY=0.
 */
export function onnxruntime(): OnnxRuntime {
  if (loaded === undefined) {
    process.env.ORT_DISABLE_TELEMETRY ??= '1'
    loaded = createRequire(import.meta.url)('onnxruntime-node') as OnnxRuntime
  }
  return loaded
}

/** The version of the onnxruntime-node package. */
export const onnxruntimeVersion = (): string =>
  (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version

/** onnxruntime's own message, without the codes and source positions around it. */
export function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (
    text
      .replace(/^Error: /, '')
      .replace(/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g, '')
      .replace(/(?:\/[\w.+-]+)+\.(?:cc|h):\d+\s+/g, '')
      .replace(/^Load model from \S+ failed:/, '')
      // the C++ function that noticed
      .replace(/^[^(]*onnxruntime::[^(]*\([^()]*\)(?:::<lambda\(\)>)?(?: const)? /, '')
      .replace(/\s+/g, ' ')
      .trim()
  )
}
