import { readSync } from 'node:fs'

const windowBytes = 256 * 1024

/** Reads small pieces of a large file through one moving window, so that what is skipped is never read. */
export class FileWindow {
  readonly #fd: number
  readonly #size: number
  readonly #buffer = Buffer.allocUnsafe(windowBytes)
  #start = 0
  #length = 0

  constructor(fd: number, size: number) {
    this.#fd = fd
    this.#size = size
  }

  /** The byte at `offset`; undefined past the end of the file. */
  byteAt(offset: number): number | undefined {
    if (offset < this.#start || offset >= this.#start + this.#length) this.#moveTo(offset)
    return offset < this.#start + this.#length ? this.#buffer[offset - this.#start] : undefined
  }

  /** A copy of the bytes in [start, end), which lie inside the file. */
  copy(start: number, end: number): Uint8Array {
    const length = end - start
    if (length > windowBytes) {
      const bytes = Buffer.allocUnsafe(length)
      this.#fill(bytes, start, length)
      return bytes
    }
    if (start < this.#start || end > this.#start + this.#length) this.#moveTo(start)
    return Buffer.from(this.#buffer.subarray(start - this.#start, end - this.#start))
  }

  #moveTo(offset: number): void {
    this.#start = offset
    this.#length = this.#fill(this.#buffer, offset, Math.max(0, Math.min(windowBytes, this.#size - offset)))
  }

  #fill(target: Buffer, offset: number, length: number): number {
    let done = 0
    while (done < length) {
      const read = readSync(this.#fd, target, done, length - done, offset + done)
      if (read === 0) break
      done += read
    }
    return done
  }
}
