import { FlopgapError } from '../errors.js'
import type { FileWindow } from './file-window.js'

export interface Field {
  readonly number: number
  readonly wireType: number
  /** Where the field's tag starts, its payload starts, and both end. */
  readonly start: number
  readonly payload: number
  readonly end: number
}

/**
 * Protobuf's wire format, for reading: the fields of messages by their positions.
 *
 * @throws FlopgapError `not-onnx` or `truncated-model`
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  readonly #file: Pick<FileWindow, 'byteAt'>
  readonly #size: number

  constructor(file: Pick<FileWindow, 'byteAt'>, size: number) {
    this.#file = file
    this.#size = size
  }

  *fields(start: number, end: number): Generator<Field> {
    let at = start
    while (at < end) {
      const tag = this.varint(at)
      const number = Math.floor(tag.value / 8)
      const wireType = tag.value % 8
      if (number === 0) throw notOnnx(at)
      const [payload, stop] = this.#extent(wireType, tag.end)
      if (stop > end) throw stop > this.#size ? truncated(this.#size, stop) : notOnnx(at)
      yield { number, wireType, start: at, payload, end: stop }
      at = stop
    }
  }

  varint(start: number): { readonly value: number; readonly end: number } {
    let value = 0
    let scale = 1
    for (let at = start; at < start + 10; at++) {
      const byte = this.#file.byteAt(at)
      if (byte === undefined) throw truncated(this.#size, at + 1)
      value += (byte % 128) * scale
      if (byte < 128) return { value, end: at + 1 }
      scale *= 128
    }
    throw notOnnx(start)
  }

  #extent(wireType: number, at: number): [payload: number, end: number] {
    switch (wireType) {
      case 0:
        return [at, this.varint(at).end]
      case 1:
        return [at, at + 8]
      case 2: {
        const length = this.varint(at)
        return [length.end, length.end + length.value]
      }
      case 5:
        return [at, at + 4]
      default:
        throw notOnnx(at)
    }
  }
}

/** The contents of a message's fields of one number, which hold messages themselves. */
export const fieldsNumbered = (number: number, message: Uint8Array): Uint8Array[] =>
  fieldsOf(message)
    .filter((field) => field.number === number && field.wireType === 2)
    .map(({ payload, end }) => message.subarray(payload, end))

/** The fields of a message in memory. */
export const fieldsOf = (message: Uint8Array): Field[] => [
  ...new WireReader({ byteAt: (offset) => message[offset] }, message.length).fields(0, message.length),
]

export const notOnnx = (offset: number) =>
  new FlopgapError('not-onnx', `not an ONNX model (byte ${offset} is not part of a protobuf message)`)

const truncated = (size: number, wanted: number) =>
  new FlopgapError(
    'truncated-model',
    `the ONNX file is cut short: it has ${size} bytes and its structure needs at least ${wanted}`,
    'Copy or download it again.',
  )
