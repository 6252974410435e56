/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
const schemaVersion = 1

// direction marks, C1 controls and the like: JSON allows them bare, a terminal would obey them
const unsafe = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu

/** A report as JSON: what it is and who wrote it, then the record as it is. */
export function json(toolVersion: string, record: object): string {
  const text = JSON.stringify({ schemaVersion, tool: { name: 'flopgap', version: toolVersion }, ...record }, null, 2)
  return `${text.replace(unsafe, escaped)}\n`
}

const escaped = (char: string): string =>
  Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
