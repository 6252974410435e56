import { closeSync, fstatSync, openSync } from 'node:fs'
import { type Field, fieldsOf, type WireReader } from './fields.js'
import { FileWindow } from './file-window.js'
import { type Bytes, lengthPrefix, rawBytes, toBuffer } from './wire.js'

/** Bytes from `start` to `end` of a file. */
type Range = Pick<Field, 'start' | 'end'>

/** A part of a copy: bytes of the original, or new ones. */
export type Piece = Range | Uint8Array

/**
 * A message with some of its fields changed, in pieces.
 *
 * @param change gives a field that is a message other contents, or `gone`; null leaves it as it is
 */
export function spliced(
  wire: WireReader,
  { start, end }: Range,
  change: (field: Field) => readonly Piece[] | 'gone' | null,
): Piece[] {
  const pieces: Piece[] = []
  let copied = start
  for (const field of wire.fields(start, end)) {
    const inner = field.wireType === 2 ? change(field) : null
    if (inner === null) continue
    pieces.push({ start: copied, end: field.start })
    if (inner !== 'gone') for (const piece of framed(field.number, inner)) pieces.push(piece)
    copied = field.end
  }
  pieces.push({ start: copied, end })
  return pieces
}

/** Pieces as the content of a field. */
export const framed = (number: number, inner: readonly Piece[]): Piece[] => [
  toBuffer(lengthPrefix(number, lengthOf(inner))),
  ...inner,
]

const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + ('end' in piece ? piece.end - piece.start : piece.length), 0)

/**
 * A file with some of its bytes changed, a little at a time.
 *
 * @param pieces of a file of `size` bytes, in order
 */
export function* splicedFile(
  path: string,
  pieces: (file: FileWindow, size: number) => readonly Piece[],
): Generator<Uint8Array> {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const file = new FileWindow(fd, size)
    for (const piece of pieces(file, size)) yield* bytesOf(file, piece)
  } finally {
    closeSync(fd)
  }
}

const copiedAtOnce = 1024 * 1024

function* bytesOf(file: FileWindow, piece: Piece): Generator<Uint8Array> {
  if (!('end' in piece)) yield piece
  else {
    for (let at = piece.start; at < piece.end; at += copiedAtOnce) {
      yield file.copy(at, Math.min(piece.end, at + copiedAtOnce))
    }
  }
}

/** A message less its fields of some numbers. */
export const without = (numbers: readonly number[], message: Uint8Array): Bytes =>
  fieldsOf(message)
    .filter(({ number }) => !numbers.includes(number))
    .map(({ start, end }) => rawBytes(message.subarray(start, end)))
    .join('')
