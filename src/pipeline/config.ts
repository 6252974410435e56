import { readFileSync } from 'node:fs'
import { lilconfigSync } from 'lilconfig'
import { z } from 'zod'
import { FlopgapError } from '../errors.js'
import { metricIds } from '../gate/metrics.js'
import { didYouMean } from '../models/find.js'

const fileName = 'flopgap.config.json'

const ruleLevel = z.enum(['off', 'info', 'warning', 'error'])
const failOn = z.enum(['error', 'warning', 'info', 'never'])

const lintSchema = z.strictObject({
  rules: z.record(z.string(), ruleLevel).optional(),
  ignore: z.array(z.strictObject({ rule: z.string(), nodes: z.array(z.string()).min(1).optional() })).optional(),
  failOn: failOn.optional(),
})

const gateLevel = z.enum(['off', 'warn', 'error'])
const share = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?%$/)])
  .describe('A share of the baseline: "5%", or 0.05.')
const limit = z.strictObject({
  max: z.number().nonnegative().describe('The most that passes.').optional(),
  increase: share.optional(),
})
const timeLimit = z.strictObject({ increase: share.optional() })

const limitsSchema = z.strictObject({
  ...(Object.fromEntries(metricIds.map((id) => [id, limit.optional()])) as StaticLimits),
  latency: timeLimit.optional(),
})
type StaticLimits = Record<(typeof metricIds)[number], z.ZodOptional<typeof limit>>

const levelsSchema = z.strictObject(
  Object.fromEntries([...metricIds, 'latency'].map((id) => [id, gateLevel.optional()])) as Levels,
)
type Levels = Record<(typeof metricIds)[number] | 'latency', z.ZodOptional<typeof gateLevel>>

const modelSchema = z.strictObject({
  model: z.string().describe('An architecture, or an ONNX file beside the configuration.'),
  name: z.string().describe('What reports and the baseline call it.').optional(),
  shapes: z.record(z.string(), z.array(z.number().int().positive())).optional(),
  dims: z.record(z.string(), z.number().int().positive()).optional(),
  limits: limitsSchema.describe('In the place of those for all models, metric by metric.').optional(),
  levels: levelsSchema.optional(),
})

const gateSchema = z.strictObject({
  models: z.array(modelSchema).min(1).optional(),
  baseline: z.string().describe('The file of the baseline, beside the configuration.').optional(),
  limits: limitsSchema.optional(),
  levels: levelsSchema.optional(),
})

/** What the file may hold, a section a command. */
const schema = z.strictObject({
  $schema: z.string().optional(),
  lint: lintSchema.optional(),
  gate: gateSchema.optional(),
})

/** What `schema/flopgap.config.schema.json` publishes, for editors. */
export const configurationSchema = (): object => z.toJSONSchema(schema, { target: 'draft-7' })

export type LintConfiguration = z.infer<typeof lintSchema>
export type GateConfiguration = z.infer<typeof gateSchema>
type Configuration = z.infer<typeof schema>

/** A configuration, and the file that it is from; null where there is none. */
export interface ReadConfiguration {
  readonly path: string | null
  readonly configuration: Configuration
}

/**
 * The configuration in a file, or in `flopgap.config.json` here or in the nearest folder above that has one.
 *
 * @throws FlopgapError `no-such-file`, `bad-config`
 */
export function readConfiguration(path: string | undefined, folder = process.cwd()): ReadConfiguration {
  const found = path ?? search(folder)
  if (found === undefined) return { path: null, configuration: {} }
  return { path: found, configuration: checkConfiguration(parse(found), found) }
}

/** lilconfig looks for the file; what is wrong with it is told here. */
function search(folder: string): string | undefined {
  try {
    const places = { searchPlaces: [fileName], loaders: { '.json': () => ({}) }, cache: false }
    return lilconfigSync('flopgap', places).search(folder)?.filepath
  } catch (error) {
    throw badConfiguration(fileName, `it cannot be read: ${(error as Error).message}`)
  }
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') throw badConfiguration(path, 'it is a folder')
    if (code === 'ENOENT') throw new FlopgapError('no-such-file', `there is no file ${path}`, 'Check --config.')
    throw badConfiguration(path, `it is not JSON: ${message}`)
  }
}

/**
 * Checks a configuration.
 *
 * @param path where it is from, for messages
 * @throws FlopgapError `bad-config`, which names what is near an unknown key
 */
function checkConfiguration(value: unknown, path: string): Configuration {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = (issue?.path ?? []).join('.')
  if (issue?.code !== 'unrecognized_keys') throw badConfiguration(path, `${place || 'all of it'}: ${issue?.message}`)
  const [key = ''] = issue.keys
  const known = knownKeys[place.replace(/\.\d+$/, '')] ?? []
  const where = place === '' ? '' : ` in ${place}`
  throw badConfiguration(path, `it has an unknown key ${JSON.stringify(key)}${where}${didYouMean(key, known)}`)
}

const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(schema.shape),
  lint: Object.keys(lintSchema.shape),
  'lint.ignore': ['rule', 'nodes'],
  gate: Object.keys(gateSchema.shape),
  'gate.models': Object.keys(modelSchema.shape),
  'gate.limits': Object.keys(limitsSchema.shape),
  'gate.levels': Object.keys(levelsSchema.shape),
}

const badConfiguration = (path: string, what: string) =>
  new FlopgapError(
    'bad-config',
    `the configuration ${path} is not usable: ${what}`,
    'docs/commands/lint.md and gate.md show one.',
  )
