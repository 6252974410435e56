import { z } from 'zod'
import type { Ceilings, Environment, InterleavedMeasurement, KernelClass, Measurement } from '../types.js'

/** The shapes of records that come back from a file. */

const ms = z.number().nonnegative()
const tensorType = z.object({ elementType: z.string(), dims: z.array(z.union([z.number(), z.string()])) })

const kernel = z.object({
  name: z.string(),
  op: z.string(),
  domain: z.string(),
  provider: z.string(),
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  attributes: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.number())])),
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

const settings = z.object({
  provider: z.string(),
  threads: z.number().int(),
  optimization: z.enum(['disabled', 'basic', 'extended', 'layout', 'all']),
})

const sampled = z.object({
  launches: z.array(launch).min(1),
  runsMs: z.array(ms).min(1),
  runsCpuMs: z.array(ms),
  outputBytes: z.number().int(),
})

const hasRunsOfLaunches = ({ launches, runsMs }: z.infer<typeof sampled>) =>
  launches.reduce((sum, { runs }) => sum + runs, 0) === runsMs.length

const disagree = { message: 'launches and runs do not agree', path: ['launches'] }

export const measurementSchema = sampled
  .extend({
    settings,
    executed: z.object({ kernels: z.array(kernel), profiledRuns: z.number().int(), profiledRunMs: ms }),
    profiledWallMs: ms,
    plainWallMs: ms,
    creation: z.object({ loadMs: ms, initializeMs: ms }),
  })
  .refine(hasRunsOfLaunches, disagree) satisfies z.ZodType<Measurement>

/** Runs of several models by turns: as many of each, launch by launch. */
export const interleavedSchema = z
  .object({
    settings,
    models: z.array(sampled.extend({ label: z.string() }).refine(hasRunsOfLaunches, disagree)).min(1),
  })
  .refine(({ models }) => models.every(({ launches }) => sameRuns(launches, models[0]?.launches ?? [])), {
    message: 'the models did not take turns: some have more runs than others',
    path: ['models'],
  }) satisfies z.ZodType<InterleavedMeasurement>

type Launches = readonly z.infer<typeof launch>[]

const sameRuns = (some: Launches, others: Launches): boolean =>
  some.length === others.length && some.every(({ runs }, index) => runs === others[index]?.runs)

const rate = z.number().positive()

const kernelClass = z.enum([
  'dense-conv',
  'pointwise-conv',
  'grouped-conv',
  'depthwise-conv',
  'matmul',
  'pooling',
  'normalization',
  'elementwise',
  'reduction',
  'data-movement',
  'layout',
  'other',
]) satisfies z.ZodType<KernelClass>

export const ceilingsSchema = z.object({
  measuredAt: z.string(),
  fingerprint: z.string(),
  flopsPerSecond: rate,
  flopsPerSecondBy: z.object({ float32: rate.nullable(), float16: rate.nullable(), int8: rate.nullable() }),
  arithmetic: z.array(
    z.object({ name: z.string(), precision: z.enum(['float32', 'float16', 'int8']), flopsPerSecond: rate }),
  ),
  bandwidth: z.array(z.object({ workingSetBytes: z.number().positive(), bytesPerSecond: rate })).min(1),
  vectorBlock: z.number().int().positive(),
  dispatchMs: ms,
  runMs: ms,
  profilerMs: ms,
  outputBytesPerSecond: rate,
  classes: z.array(
    z.object({
      class: kernelClass,
      kernels: z.number().int(),
      flopsPerSecond: rate.nullable(),
      bytesPerSecond: rate,
    }),
  ),
  kernelTimes: z.array(
    z.object({
      kind: z.string(),
      costs: z.record(z.string(), z.number().nonnegative()),
      kernels: z.number().int(),
      medianError: z.number().nonnegative(),
    }),
  ),
  predictionRatios: z.array(z.number().positive()),
  probes: z.object({ arithmeticMs: rate, memoryMs: rate, networkMs: rate }),
  drift: z.object({ arithmetic: rate, memory: rate, network: rate }),
}) satisfies z.ZodType<Ceilings>

const adapter = z.object({ name: z.string(), driver: z.string(), isSoftware: z.boolean() })

export const environmentSchema = z.object({
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
