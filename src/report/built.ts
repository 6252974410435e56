import type { BuiltFile } from '../types.js'
import { bytes, exact, visible } from './format.js'
import type { Page } from './page.js'

/** What was built and where it is. */
export const builtText = ({ spec, path, byteLength, params, seed }: BuiltFile, { paint }: Page): string =>
  `${paint.bold(visible(path))}: ${visible(spec)}, ${exact(params)} params, ${bytes(byteLength)}, seed ${seed}\n`
