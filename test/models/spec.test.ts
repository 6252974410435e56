import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FlopgapError } from '../../src/errors.js'
import { architectures } from '../../src/models/index.js'
import { choice, integer, real } from '../../src/models/options.js'
import { build } from '../../src/models/spec.js'

/** The spec that a built model carries. */
function canonical(text: string): string {
  const { origin } = build(text)
  if (origin.kind !== 'spec') throw new Error('not built from a spec')
  return origin.spec
}

function failure(text: string): FlopgapError {
  try {
    build(text)
  } catch (error) {
    if (error instanceof FlopgapError) return error
    throw error
  }
  throw new Error(`${text} was built`)
}

describe('a spec is as short as it can be', () => {
  it.each([
    ['mobilenet-v2', 'mobilenet-v2'],
    ['mobilenet-v2:', 'mobilenet-v2'],
    ['mobilenet-v2:width=1', 'mobilenet-v2'],
    ['mobilenet-v2:width=1.0,resolution=224,classes=1000,batch=1', 'mobilenet-v2'],
    ['mobilenet-v2:width=0.50', 'mobilenet-v2:width=0.5'],
    ['mobilenet-v2:width=.35', 'mobilenet-v2:width=0.35'],
    ['mobilenet-v1:batch=2,width=0.5', 'mobilenet-v1:width=0.5,batch=2'],
    [
      'mobilenet-v1:batch=2,classes=10,resolution=96,width=0.5',
      'mobilenet-v1:width=0.5,resolution=96,classes=10,batch=2',
    ],
    ['resnet-50:version=1.5', 'resnet-50'],
    ['resnet-50:version=1', 'resnet-50:version=1'],
    ['resnet-50:resolution=0224', 'resnet-50'],
  ])('%s is %s', (text, short) => {
    expect(canonical(text)).toBe(short)
  })

  it('and building the short one gives the same model', () => {
    expect(build('mobilenet-v1:batch=2,width=0.5')).toEqual(build('mobilenet-v1:width=0.5,batch=2'))
  })

  it('whatever the options', () => {
    const some = fc.record({
      width: fc.option(fc.integer({ min: 5, max: 200 }).map((percent) => `width=${percent / 100}`)),
      resolution: fc.option(fc.integer({ min: 32, max: 2048 }).map((size) => `resolution=${size}`)),
      classes: fc.option(fc.integer({ min: 1, max: 100_000 }).map((count) => `classes=${count}`)),
      batch: fc.option(fc.integer({ min: 1, max: 1024 }).map((size) => `batch=${size}`)),
    })
    const orders = some.chain((options) => {
      const given = Object.values(options).filter((option) => option !== null)
      return fc.shuffledSubarray(given, { minLength: given.length }).map((pairs) => ({ given, pairs }))
    })
    fc.assert(
      fc.property(fc.constantFrom('mobilenet-v1', 'mobilenet-v2'), orders, (name, { given, pairs }) => {
        const short = canonical(`${name}:${pairs.join(',')}`)
        expect(canonical(short)).toBe(short)
        expect(short).toBe(canonical(`${name}:${given.join(',')}`))
      }),
      { numRuns: 50 },
    )
  })
})

describe('what is no spec is refused', () => {
  it.each([
    ['mobilenet-v3', 'unknown-architecture', 'mobilenet-v1 or mobilenet-v2'],
    ['mobilenetv2', 'unknown-architecture', 'mobilenet-v2'],
    ['Resnet-50', 'unknown-architecture', 'resnet-50'],
    ['resnet', 'unknown-architecture', 'resnet-50'],
    ['', 'unknown-architecture', ''],
    ['mobilenet-v2:widht=1', 'unknown-option', 'did you mean width?'],
    ['mobilenet-v2:Width=1', 'unknown-option', 'did you mean width?'],
    ['mobilenet-v2:version=1', 'unknown-option', ''],
    ['mobilenet-v2:__proto__=1', 'unknown-option', ''],
    ['mobilenet-v2:constructor=1', 'unknown-option', ''],
    ['mobilenet-v2:width', 'bad-option', 'not key=value'],
    ['mobilenet-v2:width=', 'bad-option', 'not key=value'],
    ['mobilenet-v2:width=1=2', 'bad-option', 'not key=value'],
    ['mobilenet-v2:width=1,width=1', 'bad-option', 'given twice'],
    ['mobilenet-v2:width=0', 'bad-option', 'out of range'],
    ['mobilenet-v2:width=-1', 'bad-option', 'out of range'],
    ['mobilenet-v2:width=1e0', 'bad-option', 'out of range'],
    ['mobilenet-v2:width=NaN', 'bad-option', 'out of range'],
    ['mobilenet-v2:width= 1', 'bad-option', 'out of range'],
    ['mobilenet-v2:resolution=224.5', 'bad-option', 'out of range'],
    ['mobilenet-v2:resolution=0x20', 'bad-option', 'out of range'],
    ['mobilenet-v2:batch=99999999999999999999', 'bad-option', 'out of range'],
    ['resnet-50:version=2', 'bad-option', 'out of range'],
    ['resnet-50:version=1:batch=2', 'bad-option', ''],
  ])('%s: %s', (text, code, message) => {
    const error = failure(text)
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })

  it('with what the option takes', () => {
    expect(failure('resnet-50:version=2').hint).toBe('version takes 1.5 | 1; its default is 1.5.')
    expect(failure('mobilenet-v1:batch=0').hint).toBe('batch takes whole numbers from 1 to 1024; its default is 1.')
    expect(failure('mobilenet-v2:depth=3').hint).toBe('Its options: width, resolution, classes, batch')
  })

  it('with a hint at files where it looks like one', () => {
    expect(failure('./resnet').hint).toContain('.onnx')
    expect(failure('resnet-5').hint).not.toContain('.onnx')
  })
})

describe('any text is a value in range or is refused', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'0123456789.-+e ') }),
    fc.double().map(String),
    fc.maxSafeInteger().map(String),
  )

  it('whole numbers', () => {
    const { parse } = integer(7, 2, 500)
    fc.assert(
      fc.property(texts, (text) => {
        const value = parse(text)
        if (value === undefined) return
        expect(Number.isInteger(value)).toBe(true)
        expect(value).toBeGreaterThanOrEqual(2)
        expect(value).toBeLessThanOrEqual(500)
        expect(value).toBe(Number(text))
      }),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), (value) => {
        expect(parse(String(value))).toBe(value)
      }),
    )
    expect(parse('1')).toBeUndefined()
    expect(parse('501')).toBeUndefined()
  })

  it('decimal numbers', () => {
    const { parse } = real(1, 0.05, 8)
    fc.assert(
      fc.property(texts, (text) => {
        const value = parse(text)
        if (value === undefined) return
        expect(value).toBeGreaterThanOrEqual(0.05)
        expect(value).toBeLessThanOrEqual(8)
        expect(value).toBe(Number(text))
      }),
      { numRuns: 2000 },
    )
    const inRange = fc.double({ min: 0.05, max: 8, noNaN: true })
    fc.assert(
      fc.property(inRange, (value) => {
        expect(parse(String(value))).toBe(value)
      }),
    )
    expect(parse('0.049')).toBeUndefined()
    expect(parse('8.001')).toBeUndefined()
  })

  it('names', () => {
    const { parse } = choice<'a' | 'b'>('a', 'b')
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parse(text)).toBe(text === 'a' || text === 'b' ? text : undefined)
      }),
    )
    expect(parse('a')).toBe('a')
    expect(parse('b')).toBe('b')
  })
})

describe('every architecture', () => {
  it.each(architectures)('$name takes its own defaults', ({ name, options }) => {
    const given = Object.entries(options).map(([key, option]) => `${key}=${option.default}`)
    expect(canonical(`${name}:${given.join(',')}`)).toBe(name)
  })

  it('has a name of its own, which is no file', () => {
    const names = architectures.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/)
  })
})
