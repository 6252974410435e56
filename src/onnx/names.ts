import type { ModelNode } from '../types.js'

/** What a layer is called: the node's name, or its first output's where it has none. */
export const layerName = ({ name, outputs }: Pick<ModelNode, 'name' | 'outputs'>): string => name || (outputs[0] ?? '')

/** `Conv`, `com.microsoft.Gelu`: an operator with its domain, unless that is ONNX's own. */
export const operatorName = ({ domain, op }: Pick<ModelNode, 'domain' | 'op'>): string =>
  domain === '' ? op : `${domain}.${op}`
