import type { RuleInfo } from '../types.js'
import { indent, type Page, paragraphs } from './page.js'
import { wrapped } from './wrap.js'

/** Every rule with its level, what it finds and whose lesson it is. */
export const rulesText = (rules: readonly RuleInfo[], page: Page): string =>
  paragraphs([
    ...rules.map(({ id, level, summary, source, fixable }) =>
      [
        `${page.paint.bold(id)}  ${level}${fixable ? ', --fix' : ''}`,
        indent(wrapped(summary, page.width - 4)),
        indent(page.paint.dim(wrapped(source, page.width - 4))),
      ].join('\n'),
    ),
    'Levels are the defaults; flopgap.config.json changes them. Why and what to do: docs/rules/ID.md.',
  ])
