import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configurationSchema, readConfiguration } from '../../src/pipeline/config.js'
import { schemaPath, schemaText } from '../docs.js'
import { put, temporaryFolder } from '../onnx/files.js'

const folder = temporaryFolder()
const config = (name: string, value: unknown) =>
  put(folder, name, typeof value === 'string' ? value : JSON.stringify(value))

describe('the configuration', () => {
  it('is read from a file that is given', () => {
    const lint = {
      rules: { fragmentation: 'off' },
      ignore: [{ rule: 'group-convolution', nodes: ['a*'] }],
      failOn: 'info',
    }
    const path = config('given.json', { lint })
    expect(readConfiguration(path)).toEqual({ path, configuration: { lint } })
  })

  it('is found in the folder or in the nearest above', () => {
    const path = config('project/flopgap.config.json', { lint: { failOn: 'never' } })
    const inner = join(folder, 'project/models/deep')
    mkdirSync(inner, { recursive: true })
    for (const from of [inner, join(folder, 'project')]) {
      expect(readConfiguration(undefined, from)).toEqual({ path, configuration: { lint: { failOn: 'never' } } })
    }
  })

  it('takes limits and levels of the gate, and the name of its schema', () => {
    const gate = {
      models: [{ model: 'a.onnx', name: 'a', dims: { batch: 1 }, limits: { macs: { max: 6e8, increase: '5%' } } }],
      limits: { params: { increase: 0.01 }, latency: { increase: '3%' } },
      levels: { findings: 'warn', latency: 'off' },
    }
    const path = config('gate.json', { $schema: 'x', gate })
    expect(readConfiguration(path).configuration.gate).toEqual(gate)
  })

  it.each<[string, unknown, RegExp]>([
    ['an unknown figure', { gate: { limits: { mac: {} } } }, /unknown key "mac" in gate\.limits; did you mean macs\?/],
    [
      'a limit that is no share',
      { gate: { limits: { macs: { increase: 'a bit' } } } },
      /gate\.limits\.macs\.increase: /,
    ],
    [
      'a most of a latency',
      { gate: { limits: { latency: { max: 5 } } } },
      /unknown key "max" in gate\.limits\.latency/,
    ],
    ['no models', { gate: { models: [] } }, /gate\.models: /],
    ['an unknown section', { lynt: {} }, /unknown key "lynt"; did you mean lint\?/],
    ['an unknown key', { lint: { rulez: {} } }, /unknown key "rulez" in lint; did you mean rules\?/],
    [
      'an unknown key of what is ignored',
      { lint: { ignore: [{ rule: 'x', node: ['a'] }] } },
      /unknown key "node" in lint\.ignore\.0; did you mean nodes\?/,
    ],
    ['a level that there is not', { lint: { rules: { fragmentation: 'fatal' } } }, /lint\.rules\.fragmentation: /],
    ['no object', [], /not usable: all of it: /],
    ['no JSON', '{', /it is not JSON/],
  ])('is refused with %s', (_, value, message) => {
    const path = config('bad.json', value)
    expect(() => readConfiguration(path)).toThrow(
      expect.objectContaining({ code: 'bad-config', exitCode: 2, message: expect.stringMatching(message) }),
    )
  })

  it('is refused where its file is missing', () => {
    expect(() => readConfiguration(join(folder, 'nowhere.json'))).toThrow(
      expect.objectContaining({ code: 'no-such-file' }),
    )
  })
})

it('is published as a schema', () => {
  expect(readFileSync(schemaPath, 'utf8')).toBe(schemaText())
  expect(configurationSchema()).toMatchObject({ properties: { lint: {}, gate: {} }, additionalProperties: false })
})
