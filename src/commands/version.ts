import { createRequire } from 'node:module'

/** flopgap's own version. */
export const version = (): string => (createRequire(import.meta.url)('../package.json') as { version: string }).version
