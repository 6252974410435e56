import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { build, type FlopgapError, load, profile } from 'flopgap'
import { describe, expect, it } from 'vitest'
import { adapterIn } from '../../src/runtime/adapter.js'
import { isOfProvider, unavailable } from '../../src/runtime/unavailable.js'
import { temporaryFolder } from '../onnx/files.js'
import { writeSmall } from './small-model.js'

const folder = temporaryFolder()
const small = () => build('mobilenet-v1:width=0.25,resolution=64')

/** What a provider's refusal is, with variables set while it is asked. */
async function refusal(env: Readonly<Record<string, string>>, options: Parameters<typeof profile>[1], model = small()) {
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    return await profile(model, { maxTimeMs: 300, ...options }).then(
      () => undefined,
      (error: FlopgapError) => error,
    )
  } finally {
    process.env = before
  }
}

describe('a provider that cannot be used', () => {
  it('for want of an adapter is an error that says what is missing', async () => {
    const error = await refusal({ VK_ICD_FILENAMES: join(folder, 'nothing.json') }, { provider: 'webgpu' })
    expect(error).toMatchObject({ code: 'provider-unavailable', exitCode: 3 })
    expect(error?.message).toMatch(
      /^the webgpu provider finds no adapter: (there is no Vulkan driver|libvulkan\S+ is not installed)$/,
    )
    expect(error?.hint).toMatch(/docs\/gpu\.md.*--provider cpu/)
  })

  it('because its driver hangs is given up', async () => {
    // reading a pipe into which nobody writes takes forever
    const pipe = join(folder, 'driver.json')
    execFileSync('mkfifo', [pipe])
    const start = performance.now()
    const error = await refusal({ VK_ICD_FILENAMES: pipe }, { provider: 'webgpu', providerTimeoutMs: 2000 })
    expect(error).toMatchObject({ code: 'provider-unavailable', exitCode: 3 })
    // without libvulkan nobody reads the pipe
    expect(error?.message).toMatch(
      /^the webgpu provider (did not run a first kernel within 2 s|finds no adapter: libvulkan\S+ is not installed)$/,
    )
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  it.each(['cuda', 'tensorrt'])('because the libraries of %s are not installed says so', async (provider) => {
    const error = await refusal({}, { provider })
    expect(error).toMatchObject({ code: 'provider-unavailable', exitCode: 3 })
    expect(error?.message).toBe(`the libraries of the ${provider} provider are not installed`)
  })

  it('is refused after the model is: that costs nothing to tell', async () => {
    const open = load(writeSmall(folder, 'open', { inputs: { x: ['n', 8] }, outputs: 'y', nodes: ['Relu x -> y'] }))
    expect(await refusal({}, { provider: 'cuda' }, open)).toMatchObject({ code: 'free-dimensions' })
  })
})

describe('an error of onnxruntime', () => {
  it.each([
    'Failed to get a WebGPU adapter: No supported adapters',
    'Failed to get a WebGPU device: out of memory',
    'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
    'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version',
    'CUDA failure 100: no CUDA-capable device is detected',
    'libcudnn.so.9: cannot open shared object file: No such file or directory',
  ])('is of the provider: %s', (message) => {
    expect(isOfProvider(new Error(message))).toBe(true)
  })

  it.each([
    'Load model from /models/webgpu/cuda/device.onnx failed: Protobuf parsing failed.',
    'Program Transpose requires f16 but the device does not support it.',
    'Could not find an implementation for Foo(1) node with name "adapter"',
  ])('is of the model: %s', (message) => {
    expect(isOfProvider(new Error(message))).toBe(false)
  })

  it('that is of another kind is passed on', () => {
    const error = unavailable('cuda', 'CUDA failure 100: no CUDA-capable device is detected', '')
    expect(error).toBeInstanceOf(Error)
    expect(error.message).toContain('no CUDA-capable device is detected')
  })
})

describe('the Vulkan loader', () => {
  it('names the device that it opens, a software one among them', () => {
    const log = [
      '[Vulkan Loader] DRIVER:         Found ICD manifest file /usr/lib/chromium/vk_swiftshader_icd.json, version 1.0.0',
      '[Vulkan Loader] DRIVER:            <Device>',
      '[Vulkan Loader] DRIVER:                Using "SwiftShader Device (Subzero)" with driver: "/usr/lib/libvk_swiftshader.so"',
    ].join('\n')
    expect(adapterIn(log)).toEqual({
      name: 'SwiftShader Device (Subzero)',
      driver: '/usr/lib/libvk_swiftshader.so',
      isSoftware: true,
    })
  })

  it('of Debian 12 writes it a little differently', () => {
    const log = 'DRIVER:                  Using "NVIDIA GeForce GTX 1080 Ti" with driver: "libGLX_nvidia.so.0"\n'
    expect(adapterIn(log)).toEqual({
      name: 'NVIDIA GeForce GTX 1080 Ti',
      driver: 'libGLX_nvidia.so.0',
      isSoftware: false,
    })
  })

  it.each(['llvmpipe (LLVM 15.0.6, 256 bits)', 'Microsoft Basic Render Driver'])(
    'has %s, which is software',
    (name) => {
      expect(adapterIn(`Using "${name}" with driver: "some.so"`)?.isSoftware).toBe(true)
    },
  )

  it('says nothing where there is none: the adapter is not known', () => {
    expect(adapterIn('')).toBeNull()
  })
})
