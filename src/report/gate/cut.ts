/** A part of a page that may be cut at a row: what stands before its rows, and what closes it. */
export interface Section {
  readonly before: string
  readonly rows: readonly string[]
  readonly after: string
}

const size = (text: string): number => Buffer.byteLength(text)

/** What a page says of what it has no room for. */
const leftOut = (rows: number): string =>
  rows === 0 ? '' : `\n${rows} row${rows === 1 ? '' : 's'} left out for want of room: the JSON report has everything.\n`

/**
 * A page of at most so many bytes of UTF-8: sections in their order, cut at a row, with a word on how many are left out.
 *
 * @param head is never cut
 */
export function cut(head: string, sections: readonly Section[], mostBytes: number): string {
  const all = sections.reduce((sum, { rows }) => sum + rows.length, 0)
  let [page, room, missing] = [head, mostBytes - size(head) - size(leftOut(all)), 0]
  for (const { before, rows, after } of sections) {
    const taken = fitting(rows, room - size(before) - size(after))
    missing += rows.length - taken
    if (taken === 0) continue
    const part = `${before}${rows.slice(0, taken).join('')}${after}`
    page += part
    room -= size(part)
    // nothing of less weight stands where something of more is missing
    if (taken < rows.length) room = 0
  }
  return `${page}${leftOut(missing)}`
}

/** How many of the rows have room. */
function fitting(rows: readonly string[], room: number): number {
  let left = room
  const end = rows.findIndex((row) => {
    left -= size(row)
    return left < 0
  })
  return end === -1 ? rows.length : end
}
