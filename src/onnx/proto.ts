import onnxProto from 'onnx-proto'

/** The protobuf classes of ONNX, IR version 8. Newer fields are unknown to it and lost on re-encoding. */
export const { onnx } = onnxProto

export type { onnx as Onnx } from 'onnx-proto'
