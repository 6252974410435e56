import { closeSync, openSync, readSync } from 'node:fs'
import type { Weight } from '../types.js'

/** The values of a float32 weight that is in memory or in a file, as they lie there: little-endian. */
export function weightFloats({ name, data }: Weight): Float32Array {
  if (data.kind === 'inline') return floats(data.bytes)
  if (data.kind !== 'file') throw new TypeError(`the values of weight ${name} are not in a file`)
  const bytes = new Uint8Array(data.byteLength)
  const fd = openSync(data.path, 'r')
  try {
    let done = 0
    while (done < bytes.length) {
      const read = readSync(fd, bytes, done, bytes.length - done, data.offset + done)
      if (read === 0) throw new RangeError(`the values of weight ${name} end early`)
      done += read
    }
  } finally {
    closeSync(fd)
  }
  return floats(bytes)
}

/** A copy, since a view would have to be aligned. */
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer)
