/**
 * Protobuf's wire format, for writing: each function gives the bytes of one field.
 *
 * onnx-proto could write models too, but takes as long to load and warm up as all else that `analyze` does. Bytes are
 * held as the characters of a string until the end: strings join without being copied.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export type Bytes = string

/** The bytes themselves. */
export const toBuffer = (bytes: Bytes): Uint8Array => Buffer.from(bytes, 'latin1')

/** A whole number. */
export const integerField = (number: number, value: number): Bytes => tag(number, 0) + varint(value)

/** A message, bytes, or a run of packed values. */
export const bytesField = (number: number, value: Bytes): Bytes => lengthPrefix(number, value.length) + value

export const textField = (number: number, value: string): Bytes => bytesField(number, utf8(value))

export const floatField = (number: number, value: number): Bytes => tag(number, 5) + floatBytes([value])

/** Whole numbers, packed. */
export const integersField = (number: number, values: readonly number[]): Bytes =>
  bytesField(number, values.map(varint).join(''))

/** Floats, packed. */
export const floatsField = (number: number, values: readonly number[]): Bytes => bytesField(number, floatBytes(values))

/** What stands before `length` bytes of a field. */
export const lengthPrefix = (number: number, length: number): Bytes => tag(number, 2) + varint(length)

/** Bytes in memory as field content. */
export const rawBytes = (bytes: Uint8Array): Bytes => Buffer.from(bytes).toString('latin1')

const tag = (number: number, wireType: number): Bytes => varint(number * 8 + wireType)

const floatBytes = (values: readonly number[]): Bytes => rawBytes(new Uint8Array(Float32Array.from(values).buffer))

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ascii = /^[\x00-\x7f]*$/

const utf8 = (text: string): Bytes => (ascii.test(text) ? text : rawBytes(Buffer.from(text)))

/** A varint of an integer; a negative one as its 64-bit two's complement, one that is too large as the largest. */
function varint(value: number): Bytes {
  if (value < 0 || value >= 2 ** 53) return bigVarint(BigInt.asUintN(64, int64(value)))
  if (value < 128) return String.fromCharCode(value)
  return String.fromCharCode((value % 128) + 128) + varint(Math.floor(value / 128))
}

const bigVarint = (value: bigint): Bytes =>
  value < 128n
    ? String.fromCharCode(Number(value))
    : String.fromCharCode(Number(value % 128n) + 128) + bigVarint(value / 128n)

const largest = 2n ** 63n - 1n

/** The 64-bit integer nearest to a number: 2^63 - 1, which says "to the end", is no number of its own in JavaScript. */
export const int64 = (value: number): bigint => (value >= 2 ** 63 ? largest : BigInt(value))
