import type { GateReport } from '../../types.js'
import { cut } from './cut.js'
import { head, sections } from './sections.js'

/** GitHub takes 1 MiB a step, and nothing at all of a summary that is longer. */
const mostBytes = 1024 * 1024

/**
 * Markdown for GitHub's job summary, which needs no token and works for pull requests from forks.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export const summary = (report: GateReport): string => cut(head(report), sections(report, mostLayers), mostBytes)

const mostLayers = 50
