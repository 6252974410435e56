import type { Environment } from '../types.js'
import { visible } from './format.js'

/** Where kernels run: `cpu, 2 threads, onnxruntime 1.30.0`, `webgpu on SwiftShader Device (software), 1 thread, …`. */
export function place({ provider, adapter, threads, onnxruntime }: Environment): string {
  const on = adapter === null ? '' : ` on ${visible(adapter.name)}${adapter.isSoftware ? ' (software)' : ''}`
  return `${provider}${on}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, onnxruntime ${onnxruntime}`
}
