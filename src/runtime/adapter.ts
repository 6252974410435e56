import { join } from 'node:path'
import { writeModel } from '../models/write.js'
import type { Adapter, Model, SessionSettings } from '../types.js'
import { checkProvider } from './environment.js'
import { runTasks } from './measure.js'
import { withScratchFolder } from './scratch.js'
import { unused } from './unavailable.js'

const defaultLimitMs = 120_000

/**
 * Settings whose provider has been seen to run a kernel, with what it computes on.
 *
 * A process of its own finds out: a driver that crashes or hangs there is an error here.
 *
 * @throws FlopgapError `unknown-provider`, `provider-unavailable` or `measuring-crashed`
 */
export async function usable(settings: SessionSettings, limitMs: number = defaultLimitMs): Promise<SessionSettings> {
  checkProvider(settings.provider)
  if (settings.provider === 'cpu') return settings
  let log = ''
  const answers = await withScratchFolder(async (folder) => {
    const path = join(folder, 'one-kernel.onnx')
    await writeModel(oneKernel, 0, path)
    const model = { path, inputs: [{ name: 'x', elementType: 'float32', dims: [1, 16] }] }
    return runTasks([{ kind: 'profile', model, profileMs: 0 }], settings, () => {}, {
      // the Vulkan loader names the device that it opens
      env: { VK_LOADER_DEBUG: 'driver' },
      limitMs,
      onLog: (text) => {
        log += text
      },
    })
  })
  const kernels = answers.flatMap((answer) => (answer.kind === 'profile' ? answer.profile.executed.kernels : []))
  if (kernels.every(({ provider }) => provider === 'CPUExecutionProvider'))
    throw unused(settings.provider, kernels.length)
  const adapter = adapterIn(log)
  return adapter === null ? settings : { ...settings, adapter }
}

const software = /swiftshader|llvmpipe|lavapipe|softpipe|basic render driver/i

/** The device that the Vulkan loader says it opened; null where it says nothing: other graphics systems do not. */
export function adapterIn(log: string): Adapter | null {
  const [, name, driver] = /Using "(.+)" with driver: "(.+)"/.exec(log) ?? []
  if (name === undefined || driver === undefined) return null
  return { name, driver, isSoftware: software.test(name) }
}

const oneKernel: Model = {
  name: 'one kernel',
  origin: { kind: 'spec', spec: 'one kernel' },
  irVersion: 8,
  opsets: { '': 17 },
  inputs: [{ name: 'x', type: { elementType: 'float32', dims: [1, 16] } }],
  outputs: [{ name: 'y', type: null }],
  nodes: [{ name: 'relu', op: 'Relu', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }],
  weights: new Map(),
  functions: new Map(),
  declared: new Map(),
}
