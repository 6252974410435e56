import { describe, expect, it } from 'vitest'
import { isProvider, providerShares, providerWarnings } from '../../src/analyzers/providers.js'
import type { Adapter, KernelGap } from '../../src/types.js'
import { environment } from './measured.js'

const webgpu = 'WebGpuExecutionProvider'
const cpu = 'CPUExecutionProvider'

const kernel = (op: string, provider: string, ms: number | null) =>
  ({ op, provider, ms, share: ms === null ? null : ms / 10 }) as KernelGap

const on = (provider: string, adapter: Adapter | null = null) => ({ ...environment, provider, adapter })
const codes = (...args: Parameters<typeof providerWarnings>) => providerWarnings(...args).map(({ code }) => code)

it.each([
  ['cpu', 'CPUExecutionProvider'],
  ['webgpu', 'WebGpuExecutionProvider'],
  ['cuda', 'CUDAExecutionProvider'],
  ['tensorrt', 'TensorrtExecutionProvider'],
  ['dml', 'DmlExecutionProvider'],
  ['coreml', 'CoreMLExecutionProvider'],
])('%s is what onnxruntime calls %s, and no other', (asked, name) => {
  expect(isProvider(asked, name)).toBe(true)
  expect(isProvider(asked, 'XnnpackExecutionProvider')).toBe(false)
})

describe('providers', () => {
  it('have their kernels and times, that with most kernels first', () => {
    const kernels = [kernel('Clip', cpu, 1), kernel('Conv', webgpu, 5), kernel('Relu', webgpu, 2)]
    expect(providerShares(kernels)).toEqual([
      { provider: webgpu, kernels: 2, ms: 7, share: 0.7 },
      { provider: cpu, kernels: 1, ms: 1, share: 0.1 },
    ])
  })

  it('have no time where that of a kernel is not known', () => {
    expect(providerShares([kernel('Conv', webgpu, 5), kernel('Relu', webgpu, null)])).toEqual([
      { provider: webgpu, kernels: 2, ms: null, share: null },
    ])
  })
})

describe('a reader is warned', () => {
  const conv = kernel('Conv', webgpu, 5)

  it('of nothing where all ran on a GPU and was timed there', () => {
    const gpu = { name: 'NVIDIA GeForce GTX 1080 Ti', driver: 'libGLX_nvidia.so.0', isSoftware: false }
    expect(codes(on('webgpu', gpu), [conv])).toEqual([])
    expect(codes(on('cpu'), [kernel('Conv', cpu, 5)])).toEqual([])
  })

  it('of an adapter that is no GPU', () => {
    const swiftShader = { name: 'SwiftShader Device (Subzero)', driver: 'libvk_swiftshader.so', isSoftware: true }
    const [warning] = providerWarnings(on('webgpu', swiftShader), [conv])
    expect(warning).toMatchObject({ code: 'software-adapter' })
    expect(warning?.message).toContain('SwiftShader Device (Subzero)')
  })

  it('of kernels that ran elsewhere: which, how many, with how many copies', () => {
    const copies = [kernel('MemcpyToHost', webgpu, 1), kernel('MemcpyFromHost', webgpu, 1)]
    const elsewhere = [kernel('Gather', cpu, 1), kernel('Clip', cpu, 1), kernel('Clip', cpu, 1)]
    const [warning] = providerWarnings(on('webgpu'), [conv, ...copies, ...elsewhere])
    expect(warning?.code).toBe('fallback')
    expect(warning?.message).toBe('3 of 6 kernels did not run on webgpu: Clip (2), Gather (1)')
    expect(warning?.hint).toContain('2 copies')
  })

  it('of kernels that have no time of their own', () => {
    const cuda = 'CUDAExecutionProvider'
    const [warning] = providerWarnings(on('cuda'), [kernel('Conv', cuda, null), kernel('Relu', cuda, null)])
    expect(warning?.code).toBe('untimed-kernels')
    expect(warning?.message).toContain('2 kernels')
  })
})
