import type { GateReport } from '../../types.js'
import { cut } from './cut.js'
import { head, sections } from './sections.js'

/** GitHub refuses a longer comment; GitLab takes more. */
const mostBytes = 65_536

/** By this a script finds the comment that it wrote for the last push. */
const marker = '<!-- flopgap gate -->\n'

/** Markdown for a comment on a pull request: as the summary, with fewer layers and less room. */
export const markdown = (report: GateReport): string =>
  cut(`${marker}${head(report)}`, sections(report, mostLayers), mostBytes)

const mostLayers = 5
