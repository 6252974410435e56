/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
const schemaVersion = 1

/** A report as JSON: what it is and who wrote it, then the record as it is. */
export const json = (toolVersion: string, record: object): string =>
  `${JSON.stringify({ schemaVersion, tool: { name: 'flopgap', version: toolVersion }, ...record }, null, 2)}\n`
