import type { Graph } from '../types.js'
import { tensorBytes } from './cost.js'
import { ruleOf } from './ops/index.js'

/**
 * The most activation bytes alive at once, running the nodes in the file's order and freeing each tensor after its
 * last use.
 *
 * Weights are not activations; views share their input's memory; graph inputs and outputs live to the end of their use
 * by the caller, that is through the whole run. Null where a tensor's size is not known.
 */
export function peakActivationBytes({ model, tensors }: Graph): number | null {
  const constants = new Set(model.weights.keys())
  for (const { op, outputs } of model.nodes) if (op === 'Constant') for (const name of outputs) constants.add(name)
  const owner = owners(model.nodes, constants)
  const ownerOf = (name: string) => owner.get(name) ?? name
  const lastUse = new Map<string, number>()
  for (const [index, { inputs, outputs }] of model.nodes.entries()) {
    for (const name of [...inputs, ...outputs]) lastUse.set(ownerOf(name), index)
  }
  for (const { name } of [...model.inputs, ...model.outputs]) lastUse.set(ownerOf(name), model.nodes.length)

  const alive = new Map<string, number>()
  let bytes = 0
  let peak = 0
  const allocate = (name: string): boolean => {
    if (name === '' || constants.has(name) || ownerOf(name) !== name || alive.has(name)) return true
    const size = tensorBytes(tensors.get(name))
    if (size === null) return false
    alive.set(name, size)
    bytes += size
    peak = Math.max(peak, bytes)
    return true
  }
  for (const { name } of model.inputs) if (!allocate(name)) return null
  for (const [index, { inputs, outputs }] of model.nodes.entries()) {
    if (!outputs.every(allocate)) return null
    for (const name of new Set([...inputs, ...outputs].map(ownerOf))) {
      if (lastUse.get(name) !== index) continue
      bytes -= alive.get(name) ?? 0
      alive.delete(name)
    }
  }
  return peak
}

/** By the name of a view, the tensor whose memory it shares. */
function owners(nodes: Graph['model']['nodes'], constants: ReadonlySet<string>): Map<string, string> {
  const owner = new Map<string, string>()
  for (const { domain, op, inputs, outputs } of nodes) {
    const [source = ''] = inputs
    const [view = ''] = outputs
    if (ruleOf(domain, op)?.traffic !== 'view' || constants.has(source)) continue
    owner.set(view, owner.get(source) ?? source)
  }
  return owner
}
