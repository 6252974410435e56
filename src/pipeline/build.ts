import { statSync } from 'node:fs'
import { build } from '../models/spec.js'
import { writeModel } from '../models/write.js'
import { checkModel } from '../runtime/shapes.js'
import type { BuiltFile } from '../types.js'
import { analyzeModel } from './analyze.js'
import { fileHash } from './file-hash.js'

/**
 * Builds an architecture into an ONNX file that onnxruntime accepts.
 *
 * @throws FlopgapError as `build`; `unwritable-output`
 */
export async function buildFile(spec: string, seed: number, path: string): Promise<BuiltFile> {
  const model = build(spec)
  const { totals } = await analyzeModel(model)
  await writeModel(model, seed, path, checkModel)
  return {
    spec: model.origin.kind === 'spec' ? model.origin.spec : spec,
    path,
    seed,
    params: totals.params,
    byteLength: statSync(path).size,
    sha256: await fileHash(path),
  }
}
