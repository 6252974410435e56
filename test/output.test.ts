import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FlopgapError } from '../src/errors.js'
import { checkPlace, writeAtomically } from '../src/output.js'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-output-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const place = (name = 'result.json') => join(folder, name)

async function failure(work: Promise<unknown>): Promise<FlopgapError> {
  const error = await work.then(
    () => new Error('it was written'),
    (reason: unknown) => reason,
  )
  if (error instanceof FlopgapError) return error
  throw error
}

/** Root may write everywhere. */
async function asSomeoneElse<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0
  const nobody = 65534
  if (isRoot) {
    chownSync(folder, nobody, nobody)
    process.seteuid?.(nobody)
  }
  try {
    return await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

it('writes pieces of text and bytes one after another, and nothing beside them', async () => {
  await writeAtomically(place(), ['ä', Uint8Array.of(0, 255), '', 'end'])
  expect(readFileSync(place())).toEqual(Buffer.concat([Buffer.from('ä'), Buffer.of(0, 255), Buffer.from('end')]))
  expect(readdirSync(folder)).toEqual(['result.json'])
})

it('writes more than is held back for an interrupt to be heard', async () => {
  const piece = Buffer.alloc(5 * 1024 * 1024, 7)
  await writeAtomically(place(), [piece, piece, piece])
  expect(statSync(place()).size).toBe(3 * piece.length)
})

it('replaces an old file by the whole new one', async () => {
  writeFileSync(place(), 'a longer old content')
  await writeAtomically(place(), ['new'])
  expect(readFileSync(place(), 'utf8')).toBe('new')
})

it('shows the finished file to the check, which sees it beside its place', async () => {
  writeFileSync(place(), 'old')
  let seen = ''
  await writeAtomically(place(), ['n', 'ew'], async (path) => {
    expect(readFileSync(place(), 'utf8')).toBe('old')
    expect(basename(path)).not.toBe('result.json')
    seen = readFileSync(path, 'utf8')
  })
  expect(seen).toBe('new')
  expect(readFileSync(place(), 'utf8')).toBe('new')
})

it('keeps the old file, and nothing else, where the new one cannot be made', async () => {
  writeFileSync(place(), 'old')
  function* broken() {
    yield 'half'
    throw new RangeError('no more')
  }
  await expect(writeAtomically(place(), broken())).rejects.toThrow(new RangeError('no more'))
  expect(readFileSync(place(), 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['result.json'])
})

it('keeps the old file, and nothing else, where the check refuses the new one', async () => {
  writeFileSync(place(), 'old')
  const refusal = new FlopgapError('rejected-model', 'not this one')
  const refuse = () => Promise.reject(refusal)
  expect(await failure(writeAtomically(place(), ['new'], refuse))).toBe(refusal)
  expect(readFileSync(place(), 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['result.json'])
})

it('replaces what a link leads to, and keeps the link', async () => {
  mkdirSync(place('deep'))
  writeFileSync(place('deep/real.json'), 'old')
  symlinkSync(place('deep/real.json'), place())
  await writeAtomically(place(), ['new'])
  expect(readlinkSync(place())).toBe(place('deep/real.json'))
  expect(readFileSync(place('deep/real.json'), 'utf8')).toBe('new')
  expect(readdirSync(place('deep'))).toEqual(['real.json'])
})

it('writes into a device and leaves it a device', async () => {
  await writeAtomically('/dev/null', ['anything'])
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
})

it.each([
  ['a missing folder', () => place('no/where.json'), 'its folder does not exist'],
  ['a folder', () => folder, 'it is a folder'],
  ['an empty name', () => '', 'it names no file'],
  ['a name in a file', () => place('file/result.json'), 'its folder is not a folder'],
  ['a name that is too long', () => place('n'.repeat(300)), 'the name is too long'],
  ['a full disk', () => '/dev/full', 'no space is left on the disk'],
])('says why it cannot write: %s', async (_, path, reason) => {
  writeFileSync(place('file'), '')
  const error = await failure(writeAtomically(path(), ['new']))
  expect(error.code).toBe('unwritable-output')
  expect(error.message).toBe(`cannot write ${path() || '""'}: ${reason}`)
  expect(error.hint).not.toBeNull()
  expect(readdirSync(folder)).toEqual(['file'])
})

it('makes nothing before it knows that the place can be written', async () => {
  let made = 0
  const pieces = {
    *[Symbol.iterator]() {
      made++
      yield 'new'
    },
  }
  for (const path of [folder, place('no/where.json')]) await failure(writeAtomically(path, pieces))
  expect(made).toBe(0)
})

it('does not write into a folder that is read-only', async () => {
  const path = place('locked/result.json')
  mkdirSync(place('locked'), { mode: 0o555 })
  const error = await asSomeoneElse(() => failure(writeAtomically(path, ['new'])))
  expect(error.message).toBe(`cannot write ${path}: permission denied`)
  expect(readdirSync(place('locked'))).toEqual([])
})

it('tells before any work whether a file can be written, and makes none', () => {
  expect(() => checkPlace(place())).not.toThrow()
  expect(() => checkPlace('/dev/null')).not.toThrow()
  expect(existsSync(place())).toBe(false)
  expect(() => checkPlace(folder)).toThrow(`cannot write ${folder}: it is a folder`)
  expect(() => checkPlace(place('no/where'))).toThrow('its folder does not exist')
})

it('hears an interrupt that comes while the check blocks, and leaves nothing', async () => {
  writeFileSync(place(), 'old')
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as unknown as typeof process.exit)
  try {
    const blocking = () =>
      new Promise<void>((resolve) => {
        setImmediate(() => {
          process.kill(process.pid, 'SIGTERM')
          // as a native call would, keeping the event loop from turning
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
          resolve()
        })
      })
    await failure(writeAtomically(place(), ['new'], blocking))
    expect(exit).toHaveBeenCalledWith(143)
  } finally {
    exit.mockRestore()
  }
  expect(readFileSync(place(), 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['result.json'])
})

it('leaves signals alone when nothing is being written', async () => {
  const before = process.listenerCount('SIGTERM')
  await writeAtomically(place(), ['new'], async () => {
    expect(process.listenerCount('SIGTERM')).toBe(before + 1)
  })
  expect(process.listenerCount('SIGTERM')).toBe(before)
})
