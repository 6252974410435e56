import { createRequire } from 'node:module'
import type { onnx as Onnx } from 'onnx-proto'

// required, not imported: Node would scan this megabyte of CommonJS for export names first (20 ms)
const load = createRequire(import.meta.url)

/** The protobuf classes of ONNX, IR version 8. Newer fields are unknown to it and lost on re-encoding. */
export const { onnx } = load('onnx-proto') as { onnx: typeof Onnx }

export type { onnx as Onnx } from 'onnx-proto'
