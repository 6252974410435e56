import { createHash } from 'node:crypto'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { FlopgapError } from '../errors.js'
import type { Environment, SessionSettings } from '../types.js'
import { onnxruntime, onnxruntimeVersion } from './ort.js'

/** What decides the meaning of a time on this machine. */
export const environmentOf = ({ provider, threads, adapter }: Omit<SessionSettings, 'optimization'>): Environment => ({
  provider,
  adapter: adapter ?? null,
  threads,
  onnxruntime: onnxruntimeVersion(),
  node: process.version,
  platform: process.platform,
  arch: process.arch,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  logicalCpus: availableParallelism(),
  memoryBytes: totalmem(),
})

/** A short hash of what must be equal for two times to be comparable. */
export function fingerprint({ node: _, memoryBytes: __, ...rest }: Environment): string {
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16)
}

/** @throws FlopgapError `unknown-provider`, since onnxruntime itself would run on the CPU without a word */
export function checkProvider(provider: string): void {
  const backends = onnxruntime().listSupportedBackends()
  if (backends.some(({ name }) => name === provider)) return
  const names = backends.map(({ name, bundled }) => (bundled ? name : `${name} (its libraries are not in the package)`))
  throw new FlopgapError(
    'unknown-provider',
    `this build of onnxruntime has no provider ${JSON.stringify(provider)}`,
    `It has: ${names.join(', ')}`,
  )
}
