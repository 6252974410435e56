import { shorten } from '../format.js'

/** Text from a model inside Markdown, as GitHub and GitLab read it: nothing in it may become markup, a link or a call to a person. */

/** Long enough for any sensible name, short enough for a table. */
const [longestName, longestProse] = [120, 600]

/** All that starts something in Markdown, HTML or a table. */
const marks = /[&<>|\\`*_~[\]#@$:]/g

const entity = (char: string): string => `&#${char.codePointAt(0)};`

// a bare domain becomes a link, even where its parts are entities
const inert = (text: string): string =>
  text.replace(marks, entity).replace(/www(?=\.)/gi, (www) => `${entity(www.charAt(0))}${www.slice(1)}`)

/** A name as code, which nobody is called in: GitHub looks for `@person` and `#1` in the text that Markdown has made. */
export const name = (text: string): string => `<code>${inert(shorten(text, longestName))}</code>`

/** A sentence, which may hold names; a comment parts what would call a person or point to an issue. */
export const prose = (text: string): string =>
  inert(shorten(text, longestProse)).replace(/&#(?:64|35);/g, (char) => `${char}<!-- -->`)

export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
