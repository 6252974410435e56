import { existsSync } from 'node:fs'
import { architectures } from '../models/index.js'
import { build } from '../models/spec.js'
import type { Model } from '../types.js'

/** A model by its spec or by its file: whatever is no architecture's name and looks or is like a file, is one. */
export async function open(target: string): Promise<Model> {
  const isSpec = architectures.some(({ name }) => name === target.split(':')[0])
  const isFile = !isSpec && (/\.onnx$|[/\\]/i.test(target) || existsSync(target))
  if (!isFile) return build(target)
  const { load } = await import('../onnx/load.js')
  return load(target)
}
