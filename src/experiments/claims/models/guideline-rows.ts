import type { Model, WidthSet } from '../../../types.js'
import type { Guideline, Row } from '../../guidelines/guideline.js'
import { guidelines } from '../../guidelines/index.js'

export const widthSets = ['gpu', 'arm'] as const satisfies readonly WidthSet[]

/** The network of a row of a guideline's table, at x1. */
export const rowLabel = ({ id }: Guideline, { variant }: Row, widths: WidthSet): string => `${id} ${widths}, ${variant}`

/** Every network of the four tables at x1, by its label. */
export const guidelineRows: Readonly<Record<string, (label: string) => Model>> = Object.fromEntries(
  guidelines.flatMap((guideline) =>
    widthSets.flatMap((widths) =>
      guideline.rows.map((row) => [
        rowLabel(guideline, row, widths),
        () => guideline.build(row, { widths, scale: 1, batch: 1 }),
      ]),
    ),
  ),
)
