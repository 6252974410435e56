import { join } from 'node:path'
import { writeModel } from '../../models/write.js'
import { median } from '../../stats.js'
import type { CalibrationRuns, Model, Precision, Probes, Profiled, SessionSettings, Shown } from '../../types.js'
import type { Answer, JobModel, Task } from '../job.js'
import { runTasks } from '../measure.js'
import { withScratchFolder } from '../scratch.js'
import { additionChain, convolution, largeOutput, matMul, tinyChain } from './micro-models.js'
import { calibrationNetwork } from './networks.js'
import { sequenceNetwork } from './sequences.js'

const KiB = 1024
const MiB = 1024 * KiB

/** Tells how far a calibration is, 0 to 1. */
export type OnCalibrating = (share: number) => void

const precisions: readonly Precision[] = ['float32', 'float16', 'int8']

interface Arithmetic {
  readonly precision: Precision
  readonly flops: number
  readonly model: (kernels: number) => Model
}

/** No single shape is safely the fastest. */
const arithmetic: readonly Arithmetic[] = precisions.flatMap((precision) => [
  ...[384, 512, 1024].map((size) => ({
    precision,
    flops: 2 * size ** 3,
    model: (kernels: number) => matMul(size, precision, kernels),
  })),
  ...[
    { channels: 256, size: 28, kernel: 3 },
    { channels: 128, size: 56, kernel: 3 },
    { channels: 512, size: 28, kernel: 1 },
  ].map(({ channels, size, kernel }) => ({
    precision,
    flops: 2 * channels ** 2 * kernel ** 2 * size ** 2,
    model: (kernels: number) => convolution(channels, size, kernel, precision, kernels),
  })),
])

/** From inside a first-level cache to far outside a last-level one. */
const workingSets = [
  ...[24 * KiB, 96 * KiB, 384 * KiB, 768 * KiB, 1.5 * MiB, 3 * MiB, 6 * MiB, 12 * MiB],
  ...[24 * MiB, 48 * MiB, 96 * MiB, 192 * MiB, 384 * MiB],
]

/**
 * A kernel of a few µs is not seen beside what the profiler costs, so bandwidth near the core comes from runs without it:
 * of long chains, beside one as long that adds next to nothing.
 */
const [smallSet, nothing, longChain] = [MiB, 192, 400]

/** Of large sets, in a row; and how many times as many show the time of one where the profile does not. */
const additionsInRow = 4
const timesAsMany = 10

const chains = [1, 300]
const outputBytes = 4 * MiB
const [networks, sequences] = [48, 2]

const [microMs, networkMs, probeMs] = [120, 500, 300]

/** Where kernels run in order on the host, so that their times tell of whole networks. */
const timesNetworks = ({ provider }: SessionSettings) => provider === 'cpu'

/** Providers whose profile says how long a kernel took, not only when it was handed to a device. */
const timesKernels = ({ provider }: SessionSettings) => ['cpu', 'coreml', 'webgpu'].includes(provider)

/** Micro-models to run, and what they show together. */
interface Showing {
  readonly model: Model
  readonly beside: { readonly model: Model; readonly fewer: number } | null
}

/**
 * Runs what shows a machine's limits, in one process.
 *
 * @throws FlopgapError as `runTasks`
 */
export async function runCalibration(settings: SessionSettings, onProgress: OnCalibrating): Promise<CalibrationRuns> {
  const kinds = timesKernels(settings) ? arithmetic : arithmetic.filter(({ precision }) => precision !== 'int8')
  const showing = [
    ...kinds.map(({ model }) => inRow(model, 1, settings)),
    ...workingSets.map((bytes) => additions(bytes, settings)),
  ]
  const whole = timesNetworks(settings) ? wholeNetworks() : []
  const micro = [...showing.flatMap(modelsOf), ...chains.map(tinyChain), largeOutput(outputBytes)]
  const answers = await withFiles([...micro, ...whole], (files) => {
    const tasks = files.flatMap((model, index) => (index < micro.length ? [microTask(model)] : networkTasks(model)))
    return runTasks(tasks, settings, ({ task }) => onProgress(task / tasks.length))
  })
  const take = queue(answers)
  const shown = showing.map(({ beside }): Shown => {
    const profiled = profileIf(take())
    return { profiled, beside: beside === null ? null : { fewer: beside.fewer, profiled: profileIf(take()) } }
  })
  return {
    arithmetic: kinds.map(({ precision, flops }, index) => ({
      ...(shown[index] as Shown),
      ...{ name: showing[index]?.model.name ?? '', precision, flops },
    })),
    additions: workingSets.map((workingSetBytes, index) => ({
      ...(shown[kinds.length + index] as Shown),
      workingSetBytes,
    })),
    chains: chains.map((kernels) => ({ kernels, profiled: profileOf(take()) })),
    output: { bytes: outputBytes, profiled: profileOf(take()) },
    networks: whole.map(() => ({ latencyMs: latencyOf(take()), profiled: profileOf(take()) })),
    probes: await runProbes(settings),
  }
}

const modelsOf = ({ model, beside }: Showing): Model[] => (beside === null ? [model] : [model, beside.model])

/** Kernels whose own times tell, or many of them beside fewer. */
function inRow(model: (kernels: number) => Model, kernels: number, settings: SessionSettings): Showing {
  if (timesKernels(settings)) return { model: model(kernels), beside: null }
  const fewer = kernels * (timesAsMany - 1)
  return { model: model(kernels * timesAsMany), beside: { model: model(kernels), fewer } }
}

function additions(workingSetBytes: number, settings: SessionSettings): Showing {
  if (!timesNetworks(settings) || workingSetBytes >= smallSet) {
    return inRow((length) => additionChain(workingSetBytes, length), additionsInRow, settings)
  }
  const beside = { model: additionChain(nothing, longChain), fewer: longChain }
  return { model: additionChain(workingSetBytes, longChain), beside }
}

/** A network of few milliseconds that has kernels of many kinds. */
const probeSeed = 7

/** The machine's speed now, in a second. */
export async function runProbes(settings: SessionSettings): Promise<Probes> {
  const models = [
    convolution(128, 28, 3, 'float32'),
    additionChain(12 * MiB, additionsInRow),
    calibrationNetwork(probeSeed),
  ]
  return withFiles(models, async (files) => {
    const task: Task = { kind: 'sample', models: files, warmupMs: probeMs / 3, sampleMs: models.length * probeMs }
    const [answer] = await runTasks([task], settings)
    const runs = answer?.kind === 'sample' ? answer.models : []
    const [arithmeticMs = 0, memoryMs = 0, networkMs = 0] = runs.map(({ runsMs }) => median([...runsMs]))
    return { arithmeticMs, memoryMs, networkMs }
  })
}

const wholeNetworks = (): Model[] => [
  ...Array.from({ length: networks }, (_, index) => calibrationNetwork(index + 1)),
  ...Array.from({ length: sequences }, (_, index) => sequenceNetwork(index + 1)),
]

/** Micro-models of a precision may be ones that the provider has no kernels for. */
const microTask = (model: JobModel): Task => ({ kind: 'profile', model, profileMs: microMs, mayFail: true })

/** Alone first: beside a profiled session, a network finds the caches as that one leaves them. */
const networkTasks = (model: JobModel): Task[] => [
  { kind: 'sample', models: [model], warmupMs: 2 * networkMs, sampleMs: networkMs / 2 },
  { kind: 'profile', model, profileMs: networkMs },
]

const latencyOf = (answer: Answer): number => {
  if (answer.kind !== 'sample') throw new Error('a network did not run')
  return median([...(answer.models[0]?.runsMs ?? [])])
}

const profileIf = (answer: Answer): Profiled | null => (answer.kind === 'profile' ? answer.profile : null)

function profileOf(answer: Answer): Profiled {
  const profiled = profileIf(answer)
  if (profiled === null) throw new Error('a micro-model did not run')
  return profiled
}

function queue<T>(items: readonly T[]): () => T {
  let next = 0
  return () => items[next++] as T
}

const withFiles = <T>(models: readonly Model[], use: (files: readonly JobModel[]) => Promise<T>): Promise<T> =>
  withScratchFolder(async (folder) => {
    const files: JobModel[] = []
    for (const [index, model] of models.entries()) {
      const path = join(folder, `${index}.onnx`)
      await writeModel(model, 0, path)
      files.push({ path, inputs: inputsOf(model) })
    }
    return use(files)
  })

const inputsOf = ({ inputs }: Model): JobModel['inputs'] =>
  inputs.map(({ name, type }) => ({
    name,
    elementType: type?.elementType ?? 'float32',
    dims: (type?.dims ?? []) as readonly number[],
  }))
