import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { FlopgapError } from '../errors.js'
import { metricIds } from '../gate/metrics.js'
import { writeAtomically } from '../output.js'
import type { Baseline, BaselineModel, GateLayer } from '../types.js'
import { environmentSchema } from './schemas.js'

/** The file keeps a layer as a row, so that a change of one is a line of a diff. */
const columns = ['name', 'op', 'macs', 'flops', 'params', 'bytes'] as const

const figure = z.number().nonnegative().nullable()
const estimate = z.object({ point: z.number(), lower: z.number(), upper: z.number(), confidenceLevel: z.number() })

const modelSchema = z.object({
  model: z.string(),
  structureSha256: z.string(),
  environment: environmentSchema,
  latency: z.object({ reference: z.string(), ratio: estimate }).nullable(),
  figures: z.object(
    Object.fromEntries(metricIds.map((id) => [id, figure])) as Record<(typeof metricIds)[number], typeof figure>,
  ),
  kernels: z.record(z.string(), z.number()).nullable(),
  findings: z.array(z.tuple([z.string(), z.string()])),
  layers: z.array(z.tuple([z.string(), z.string(), figure, figure, z.number(), figure])),
})

const fileSchema = z.object({
  baselineVersion: z.literal(1),
  layerColumns: z.tuple(columns.map((name) => z.literal(name)) as [z.ZodLiteral, ...z.ZodLiteral[]]),
  models: z.array(modelSchema),
})

/**
 * The baseline in a file; null where there is no such file.
 *
 * @throws FlopgapError `bad-baseline`
 */
export function readBaseline(path: string): Baseline | null {
  if (!existsSync(path)) return null
  const parsed = fileSchema.safeParse(parse(path))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw unusable(path, `${issue?.path.join('.') || 'all of it'}: ${issue?.message}`)
  }
  return {
    baselineVersion: 1,
    models: parsed.data.models.map(
      ({ layers, findings, ...model }): BaselineModel => ({
        ...model,
        findings: findings.map(([rule, node]) => ({ rule, node })),
        layers: layers.map(
          ([name, op, macs, flops, params, bytes]): GateLayer => ({
            ...{ name, op, macs, flops, params, bytes },
          }),
        ),
      }),
    ),
  }
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw unusable(path, (error as Error).message)
  }
}

const unusable = (path: string, what: string) =>
  new FlopgapError(
    'bad-baseline',
    `the baseline ${path} is not usable: ${what}`,
    'flopgap baseline write --force makes a new one.',
  )

/** @throws FlopgapError `unwritable-output` */
export const writeBaseline = (path: string, baseline: Baseline): Promise<void> =>
  writeAtomically(path, [baselineText(baseline)])

/** JSON with a line for each layer, finding and kind of kernel, models by name: a change is a few lines of a diff. */
function baselineText({ baselineVersion, models }: Baseline): string {
  const sorted = models.toSorted((a, b) => (a.model < b.model ? -1 : 1))
  const text = object(0, [
    ['baselineVersion', JSON.stringify(baselineVersion)],
    ['layerColumns', JSON.stringify(columns)],
    ['models', list(1, sorted.map(modelText))],
  ])
  return `${text}\n`
}

const modelText = ({
  model,
  structureSha256,
  environment,
  latency,
  figures,
  kernels,
  findings,
  layers,
}: BaselineModel) =>
  object(2, [
    ['model', JSON.stringify(model)],
    ['structureSha256', JSON.stringify(structureSha256)],
    ['environment', JSON.stringify(environment)],
    ['latency', JSON.stringify(latency)],
    [
      'figures',
      object(
        3,
        metricIds.map((id) => [id, JSON.stringify(figures[id])]),
      ),
    ],
    [
      'kernels',
      kernels === null
        ? 'null'
        : object(
            3,
            Object.entries(kernels).map(([op, count]) => [op, `${count}`]),
          ),
    ],
    [
      'findings',
      list(
        3,
        findings.map(({ rule, node }) => JSON.stringify([rule, node])),
      ),
    ],
    [
      'layers',
      list(
        3,
        layers.map((layer) => JSON.stringify(columns.map((column) => layer[column]))),
      ),
    ],
  ])

const lines = (depth: number, [open, close]: readonly [string, string], items: readonly string[]): string => {
  if (items.length === 0) return `${open}${close}`
  const inner = '  '.repeat(depth + 1)
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${'  '.repeat(depth)}${close}`
}

const list = (depth: number, items: readonly string[]): string => lines(depth, ['[', ']'], items)

const object = (depth: number, entries: readonly (readonly [key: string, value: string])[]): string =>
  lines(
    depth,
    ['{', '}'],
    entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`),
  )
