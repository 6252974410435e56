import { readFileSync } from 'node:fs'
import { lilconfigSync } from 'lilconfig'
import { z } from 'zod'
import { FlopgapError } from '../errors.js'
import { didYouMean } from '../models/find.js'

const fileName = 'flopgap.config.json'

const ruleLevel = z.enum(['off', 'info', 'warning', 'error'])
const failOn = z.enum(['error', 'warning', 'info', 'never'])

const lintSchema = z.strictObject({
  rules: z.record(z.string(), ruleLevel).optional(),
  ignore: z.array(z.strictObject({ rule: z.string(), nodes: z.array(z.string()).min(1).optional() })).optional(),
  failOn: failOn.optional(),
})

/** What the file may hold, a section a command. */
const schema = z.strictObject({ lint: lintSchema.optional() })

export type LintConfiguration = z.infer<typeof lintSchema>
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
}

const badConfiguration = (path: string, what: string) =>
  new FlopgapError('bad-config', `the configuration ${path} is not usable: ${what}`, 'docs/commands/lint.md shows one.')
