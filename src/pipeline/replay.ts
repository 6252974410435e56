import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { FlopgapError } from '../errors.js'
import type { Ceilings, Environment, GapReport, Measurement } from '../types.js'
import { explain } from './explain.js'
import { open } from './open.js'
import { typed } from './typed.js'

const ms = z.number().nonnegative()
const tensorType = z.object({ elementType: z.string(), dims: z.array(z.union([z.number(), z.string()])) })

const kernel = z.object({
  name: z.string(),
  op: z.string(),
  domain: z.string(),
  provider: z.string(),
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  group: z.number().nullable(),
  inputTypes: z.array(tensorType),
  outputTypes: z.array(tensorType),
  profiledMs: ms,
  timeSource: z.enum(['kernel', 'gpu', 'launch']).default('kernel'),
})

const launch = z.object({
  runtimeLoadMs: ms,
  sessionCreateMs: ms,
  firstRunMs: ms,
  warmupRuns: z.number().int(),
  reachedSteadyState: z.boolean(),
  runs: z.number().int().positive(),
})

const measurement = z
  .object({
    settings: z.object({
      provider: z.string(),
      threads: z.number().int(),
      optimization: z.enum(['disabled', 'basic', 'extended', 'layout', 'all']),
    }),
    launches: z.array(launch).min(1),
    runsMs: z.array(ms).min(1),
    runsCpuMs: z.array(ms),
    outputBytes: z.number().int(),
    executed: z.object({ kernels: z.array(kernel), profiledRuns: z.number().int(), profiledRunMs: ms }),
    profiledWallMs: ms,
    creation: z.object({ loadMs: ms, initializeMs: ms }),
  })
  .refine(({ launches, runsMs }) => launches.reduce((sum, { runs }) => sum + runs, 0) === runsMs.length, {
    message: 'launches and runs do not agree',
    path: ['launches'],
  }) satisfies z.ZodType<Measurement>

const ceilings = z.object({
  measuredAt: z.string(),
  fingerprint: z.string(),
  flopsPerSecond: z.number().positive(),
  arithmetic: z.array(z.object({ name: z.string(), flopsPerSecond: z.number() })),
  bandwidth: z
    .array(z.object({ workingSetBytes: z.number().positive(), bytesPerSecond: z.number().positive() }))
    .min(1),
  dispatchMs: ms,
  runMs: ms,
  profilerMs: ms,
  profilerRunMs: ms,
}) satisfies z.ZodType<Ceilings>

const adapter = z.object({ name: z.string(), driver: z.string(), isSoftware: z.boolean() })

const environment = z.object({
  provider: z.string(),
  adapter: adapter.nullable().default(null),
  threads: z.number().int(),
  onnxruntime: z.string(),
  node: z.string(),
  platform: z.string(),
  arch: z.string(),
  cpu: z.string(),
  logicalCpus: z.number().int(),
  memoryBytes: z.number(),
}) satisfies z.ZodType<Environment>

/** What `calibrate` saves, and `profile` too. */
const schemaVersion = z.literal(1).optional()

const calibrated = z.object({ schemaVersion, environment, ceilings })

/** What of a saved report is measured; all else follows from it and the model. */
const saved = z.object({
  schemaVersion,
  model: z.object({
    spec: z.string().nullable(),
    path: z.string().nullable(),
    sha256: z.string().nullable(),
    structureSha256: z.string(),
    inputs: z.array(z.object({ name: z.string(), shape: z.array(z.number().int().positive()) })),
  }),
  environment,
  ceilings,
  measurement,
})

/**
 * Explains a saved measurement again, as `profile` would have: nothing is measured.
 *
 * @param path a JSON report of `profile`
 * @param target the model it measured, where it is not where the report says
 * @throws FlopgapError `bad-replay` where the file is no such report or the model is another one
 */
export async function replay(path: string, target?: string): Promise<GapReport> {
  const { model: identity, ...measured } = read(path, saved)
  const model = await open(target ?? identity.spec ?? identity.path ?? '')
  const shapes = Object.fromEntries(identity.inputs.map(({ name, shape }) => [name, shape]))
  const report = explain(await typed(model, { shapes, dims: {} }), identity.sha256, measured)
  if (report.model.structureSha256 === identity.structureSha256) return report
  throw new FlopgapError(
    'bad-replay',
    `${path} is the measurement of another model than ${target ?? report.model.name}`,
    'The structure of the two differs. Give the model that was measured.',
  )
}

/**
 * The ceilings in a report of `calibrate` or `profile`, of this machine or another.
 *
 * @throws FlopgapError `bad-replay`
 */
export const savedCeilings = (path: string) => read(path, calibrated)

function read<T>(path: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parse(path))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new FlopgapError(
    'bad-replay',
    `${path} is not a report that can be replayed: ${issue?.path.join('.')}: ${issue?.message}`,
    'Save one with flopgap profile MODEL -o FILE.json.',
  )
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new FlopgapError('no-such-file', `there is no file ${path}`)
    throw new FlopgapError('bad-replay', `${path} is not a JSON file: ${message}`)
  }
}
