import { cpus } from 'node:os'
import { describe, expect, it } from 'vitest'
import { FlopgapError } from '../../src/errors.js'
import { checkProvider, environmentOf, fingerprint } from '../../src/runtime/environment.js'
import type { Environment } from '../../src/types.js'

const here = environmentOf({ provider: 'cpu', threads: 1 })

describe('the environment', () => {
  it('is this machine and these settings', () => {
    expect(here).toMatchObject({
      provider: 'cpu',
      threads: 1,
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      cpu: cpus()[0]?.model.trim(),
    })
    expect(here.onnxruntime).toMatch(/^\d+\.\d+\.\d+/)
    expect(here.logicalCpus).toBeGreaterThanOrEqual(1)
    expect(here.memoryBytes).toBeGreaterThan(2 ** 27)
  })
})

describe('the fingerprint', () => {
  it('is the same twice', () => {
    expect(fingerprint(here)).toMatch(/^[0-9a-f]{16}$/)
    expect(fingerprint(environmentOf({ provider: 'cpu', threads: 1 }))).toBe(fingerprint(here))
  })

  it.each<Partial<Environment>>([
    { provider: 'webgpu' },
    { threads: 2 },
    { onnxruntime: '0.0.1' },
    { platform: 'plan9' },
    { arch: 'z80' },
    { cpu: 'another' },
    { logicalCpus: 4096 },
  ])('differs with %j', (change) => {
    expect(fingerprint({ ...here, ...change })).not.toBe(fingerprint(here))
  })

  it.each<Partial<Environment>>([{ node: 'v99.0.0' }, { memoryBytes: 1 }])(
    'does not differ with %j, which changes no time',
    (change) => {
      expect(fingerprint({ ...here, ...change })).toBe(fingerprint(here))
    },
  )
})

describe('a provider', () => {
  it('is known or refused, with those that there are', () => {
    expect(() => checkProvider('cpu')).not.toThrow()
    const refused = (name: string) => {
      try {
        checkProvider(name)
      } catch (error) {
        return error as FlopgapError
      }
      throw new Error(`${name} was taken`)
    }
    expect(refused('gpu')).toBeInstanceOf(FlopgapError)
    expect(refused('gpu')).toMatchObject({ code: 'unknown-provider', exitCode: 2 })
    expect(refused('CPU').hint).toContain('cpu')
    expect(refused('').message).toContain('""')
  })
})
