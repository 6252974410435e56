import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/pipeline/config.js'
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

  it.each<[string, unknown, RegExp]>([
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
