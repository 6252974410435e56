import { z } from 'zod'
import { guidelineTable } from '../analyzers/guidelines/table.js'
import { margin } from '../analyzers/guidelines/verdict.js'
import { FlopgapError } from '../errors.js'
import { guidelineNamed } from '../experiments/guidelines/index.js'
import type { GuidelinesReport, GuidelineTable } from '../types.js'
import { experimentOf } from './experiment.js'
import type { TableChoice } from './guidelines.js'
import { read } from './replay.js'
import { environmentSchema, interleavedSchema } from './schemas.js'

const count = z.number().int().nonnegative()

/** What of a saved report was seen or measured; all else follows from it and the experiments. */
const saved = z.object({
  schemaVersion: z.literal(1).optional(),
  environment: environmentSchema,
  batch: z.number().int().positive(),
  tables: z
    .array(
      z.object({
        guideline: z.string(),
        widths: z.enum(['gpu', 'arm']),
        scale: z.union([z.literal(1), z.literal(2), z.literal(4)]),
        rows: z.array(
          z.object({
            variant: z.string(),
            kernels: z.object({ convolutions: count, blocked: count, reorders: count }).nullable(),
          }),
        ),
        measurement: interleavedSchema,
      }),
    )
    .min(1),
})

type SavedTable = z.infer<typeof saved>['tables'][0]

/**
 * Judges the measurements of a saved report again: nothing is measured.
 *
 * @param choice only these tables; all where nothing is chosen
 * @throws FlopgapError `unknown-guideline`, `no-such-file`, `bad-replay`
 */
export async function replayGuidelines(path: string, choice: TableChoice = {}): Promise<GuidelinesReport> {
  const { environment, batch, tables } = read(path, saved, 'guidelines')
  const isWanted = chosenBy(choice)
  const wanted = tables.filter(isWanted)
  if (wanted.length === 0) throw bad(path, 'it has none of these tables', `It has ${tables.map(nameOf).join(', ')}.`)
  const judged: GuidelineTable[] = []
  for (const table of wanted) judged.push(await replayed(path, table, batch))
  return { environment, batch, margin, tables: judged }
}

const nameOf = ({ guideline, widths, scale }: SavedTable): string => `${guideline} ${widths} x${scale}`

function chosenBy({ guidelines = [], widths, scales }: TableChoice): (table: SavedTable) => boolean {
  const ids = guidelines.map((name) => guidelineNamed(name).id)
  return (table) =>
    (ids.length === 0 || ids.includes(table.guideline)) &&
    (widths === undefined || widths.includes(table.widths)) &&
    (scales === undefined || scales.includes(table.scale))
}

async function replayed(
  path: string,
  { guideline: id, rows, measurement, widths, scale }: SavedTable,
  batch: number,
): Promise<GuidelineTable> {
  const guideline = guidelineNamed(id)
  const names = guideline.rows.map(({ variant }) => variant).join(', ')
  for (const own of [rows.map(({ variant }) => variant), measurement.models.map(({ label }) => label)]) {
    if (own.join(', ') !== names) throw bad(path, `${id} has the rows ${names}, and not ${own.join(', ')}`)
  }
  const kernels = rows.map((row) => row.kernels)
  return guidelineTable(await experimentOf(guideline, { widths, scale, batch }, kernels), measurement)
}

const bad = (path: string, why: string, hint: string | null = null) =>
  new FlopgapError('bad-replay', `${path} cannot be replayed: ${why}`, hint)
