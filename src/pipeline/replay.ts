import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { FlopgapError } from '../errors.js'
import type { GapReport } from '../types.js'
import { explain } from './explain.js'
import { open } from './open.js'
import { ceilingsSchema, environmentSchema, measurementSchema } from './schemas.js'
import { typed } from './typed.js'

/** What `calibrate` saves, and `profile` too. */
const schemaVersion = z.literal(1).optional()

const calibrated = z.object({ schemaVersion, environment: environmentSchema, ceilings: ceilingsSchema })

/** What of a saved report is measured; all else follows from it and the model. */
export const saved = z.object({
  schemaVersion,
  model: z.object({
    spec: z.string().nullable(),
    path: z.string().nullable(),
    sha256: z.string().nullable(),
    structureSha256: z.string(),
    inputs: z.array(z.object({ name: z.string(), shape: z.array(z.number().int().positive()) })),
  }),
  environment: environmentSchema,
  ceilings: ceilingsSchema,
  measurement: measurementSchema,
})

/**
 * Explains a saved measurement again, as `profile` would have: nothing is measured.
 *
 * @param path a JSON report of `profile`
 * @param target the model it measured, where it is not where the report says
 * @throws FlopgapError `bad-replay` where the file is no such report or the model is another one
 */
export const replay = (path: string, target?: string): Promise<GapReport> =>
  explainSaved(read(path, saved), path, target)

/** As `replay`, of what `path` held. */
export async function explainSaved(
  { model: identity, ...measured }: z.infer<typeof saved>,
  path: string,
  target?: string,
): Promise<GapReport> {
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

/**
 * What of a JSON file a schema knows.
 *
 * @param made the command that writes such files
 * @throws FlopgapError `no-such-file`, `bad-replay`
 */
export function read<T>(path: string, schema: z.ZodType<T>, made = 'profile MODEL'): T {
  return checked(path, parse(path), schema, made)
}

/** @throws FlopgapError `bad-replay` where a value is not as a schema says */
export function checked<T>(path: string, value: unknown, schema: z.ZodType<T>, made: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new FlopgapError(
    'bad-replay',
    `${path} is not a report that can be replayed: ${issue?.path.join('.')}: ${issue?.message}`,
    `Save one with flopgap ${made} -o FILE.json.`,
  )
}

/** @throws FlopgapError `no-such-file`, `bad-replay` */
export function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new FlopgapError('no-such-file', `there is no file ${path}`)
    throw new FlopgapError('bad-replay', `${path} is not a JSON file: ${message}`)
  }
}
