import { FlopgapError } from '../errors.js'
import { onnxruntime } from './ort.js'

/** True where it is the provider that fails, whatever the model: its libraries, its driver or its device are not there. */
export const isOfProvider = (error: unknown): boolean =>
  /shared (library|object)|no available backend|WebGPU (adapter|device)|CUDA (failure|error|driver)|CUDA-capable/i.test(
    String(error),
  )

/**
 * Why a provider that onnxruntime knows cannot be used here, and what to do about it.
 *
 * @param message onnxruntime's own
 * @param log what the measuring process wrote to stderr: Vulkan says there what it lacks
 */
export function unavailable(provider: string, message: string, log: string): FlopgapError {
  if (/shared library/i.test(message)) return withoutLibraries(provider)
  if (/adapter/i.test(message)) return withoutAdapter(provider, log)
  return because(`the ${provider} provider cannot be used here: ${message}`, 'Try --provider cpu.')
}

/** It has neither answered nor failed. */
export const silent = (provider: string, limitMs: number): FlopgapError =>
  because(
    `the ${provider} provider did not run a first kernel within ${limitMs / 1000} s`,
    'Its driver may hang. Try again, or --provider cpu.',
  )

/** onnxruntime runs on the CPU without a word what a provider does not take. */
export const unused = (provider: string, kernels: number): FlopgapError =>
  because(
    `the ${provider} provider takes none of the ${kernels} kernels: all ran on another`,
    'Measure them there: --provider cpu.',
  )

const because = (message: string, hint: string) => new FlopgapError('provider-unavailable', message, hint)

function withoutLibraries(provider: string): FlopgapError {
  const here = onnxruntime().listSupportedBackends()
  const names = here.filter(({ bundled }) => bundled).map(({ name }) => name)
  return because(
    `the libraries of the ${provider} provider are not installed`,
    `docs/gpu.md tells how to install them. The package itself has: ${names.join(', ')}`,
  )
}

function withoutAdapter(provider: string, log: string): FlopgapError {
  const [, library] = /Couldn't load Vulkan: ([^:\s]+)/.exec(log) ?? []
  const noDriver = /Found no drivers/.test(log) ? ': there is no Vulkan driver' : ''
  return because(
    `the ${provider} provider finds no adapter${library === undefined ? noDriver : `: ${library} is not installed`}`,
    'It needs a GPU and its driver. docs/gpu.md tells how to run it without a GPU, in software. Or: --provider cpu',
  )
}
