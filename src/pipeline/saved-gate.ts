import { z } from 'zod'
import type { GateReport } from '../types.js'
import { read } from './replay.js'
import { environmentSchema } from './schemas.js'

const estimate = z.object({
  point: z.number(),
  lower: z.number(),
  upper: z.number(),
  confidenceLevel: z.number(),
})

const settings = z.object({
  provider: z.string(),
  threads: z.number().int(),
  optimization: z.enum(['disabled', 'basic', 'extended', 'layout', 'all']),
  adapter: z.object({ name: z.string(), driver: z.string(), isSoftware: z.boolean() }).exactOptional(),
})

const layer = z.object({
  layer: z.string(),
  op: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  difference: z.number(),
})

const check = z.object({
  model: z.string(),
  metric: z.string(),
  unit: z.enum(['count', 'bytes', 'ms', 'ratio']),
  level: z.enum(['off', 'warn', 'error']),
  baseline: z.number().nullable(),
  current: z.number().nullable(),
  limit: z.number().nullable(),
  verdict: z.enum(['passed', 'improved', 'regressed', 'inconclusive', 'information', 'missing']),
  message: z.string(),
  try: z.string().nullable(),
  layers: z.array(layer),
})

const evidence = z.object({
  model: z.string(),
  beside: z.string(),
  settings,
  ratio: estimate,
  confirmation: estimate.nullable(),
  threshold: z.number(),
  candidateMs: estimate,
  besideMs: estimate,
  minimumDetectable: z.number(),
  pairs: z.number().int(),
  launches: z.number().int(),
  reason: z.enum(['noise', 'at-threshold', 'not-reproduced', 'below-floor', 'unfit-environment']).nullable(),
  hint: z.string().nullable(),
  runs: z.array(z.object({ candidateMs: z.array(z.number()), besideMs: z.array(z.number()) })),
})

const saved = z.object({
  verdict: z.enum(['passed', 'improved', 'regressed', 'inconclusive', 'error']),
  strict: z.boolean(),
  expectFail: z.boolean(),
  environment: environmentSchema.nullable(),
  against: z.object({ kind: z.enum(['baseline', 'model']), path: z.string() }).nullable(),
  checks: z.array(check),
  latency: z.array(evidence),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
}) satisfies z.ZodType<GateReport>

/**
 * A report of `gate`, to be shown again in another format: nothing is judged anew.
 *
 * @throws FlopgapError `no-such-file`, `bad-replay`
 */
export const readGate = (path: string): GateReport => read(path, saved, 'gate')
