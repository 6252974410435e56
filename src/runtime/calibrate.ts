import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import envPaths from 'env-paths'
import { writeModel } from '../models/write.js'
import { writeAtomically } from '../output.js'
import type { Ceilings, SessionSettings } from '../types.js'
import { calibrationModels, ceilingsFrom } from './ceilings.js'
import { environmentOf, fingerprint } from './environment.js'
import type { Task } from './job.js'
import { measurementsOf } from './launches.js'
import { runTasks } from './measure.js'
import { withScratchFolder } from './scratch.js'

/** Raised when the way ceilings are measured changes, so that older ones are measured again. */
const version = 1

const budget = { warmupMs: 40, sampleMs: 80 }
const profileMs = 150

/** Tells how far a calibration is, 0 to 1. */
export type OnCalibrating = (share: number) => void

/** This machine's ceilings for a provider and thread count: the cached ones, or newly measured. */
export async function ceilingsFor(settings: SessionSettings, onProgress: OnCalibrating): Promise<Ceilings> {
  return readCache(cachePath(settings)) ?? (await calibrate(settings, onProgress))
}

/** Measures this machine's ceilings and keeps them for later runs. */
export async function calibrate(settings: SessionSettings, onProgress: OnCalibrating): Promise<Ceilings> {
  const micro = calibrationModels()
  const measurements = await withScratchFolder(async (folder) => {
    const tasks: Task[] = []
    for (const [index, { model }] of micro.entries()) {
      const path = join(folder, `${index}.onnx`)
      await writeModel(model, 0, path)
      const inputs = model.inputs.map(({ name, type }) => ({
        name,
        elementType: type?.elementType ?? 'float32',
        dims: (type?.dims ?? []) as readonly number[],
      }))
      tasks.push({ kind: 'sample', models: [{ path, inputs }], ...budget })
      tasks.push({ kind: 'profile', model: { path, inputs }, profileMs })
    }
    const answers = await runTasks(tasks, settings, ({ task }) => onProgress(task / tasks.length))
    return measurementsOf(answers, settings)
  })
  const ceilings = ceilingsFrom(measurements, {
    measuredAt: new Date().toISOString(),
    fingerprint: machine(settings),
  })
  await writeCache(cachePath(settings), ceilings)
  return ceilings
}

const machine = (settings: SessionSettings) => fingerprint(environmentOf(settings))

/** Where the ceilings of this machine are kept; FLOPGAP_CACHE_DIR moves it. */
const cachePath = (settings: SessionSettings): string =>
  join(
    process.env.FLOPGAP_CACHE_DIR ?? envPaths('flopgap', { suffix: '' }).cache,
    `ceilings-v${version}-${machine(settings)}.json`,
  )

function readCache(path: string): Ceilings | null {
  try {
    const ceilings = JSON.parse(readFileSync(path, 'utf8')) as Ceilings
    return isWhole(ceilings) ? ceilings : null
  } catch {
    return null
  }
}

/** False for what another program or a full disk left. */
const isWhole = ({ flopsPerSecond, bandwidth, dispatchMs, runMs, profilerMs, profilerRunMs }: Ceilings): boolean =>
  [flopsPerSecond, dispatchMs, runMs, profilerMs, profilerRunMs].every(Number.isFinite) &&
  flopsPerSecond > 0 &&
  bandwidth.length > 0 &&
  bandwidth.every(({ workingSetBytes, bytesPerSecond }) => workingSetBytes > 0 && bytesPerSecond > 0)

/** A cache that cannot be written costs time, not correctness. */
async function writeCache(path: string, ceilings: Ceilings): Promise<void> {
  try {
    mkdirSync(join(path, '..'), { recursive: true })
    await writeAtomically(path, [`${JSON.stringify(ceilings, null, 2)}\n`])
  } catch {}
}
