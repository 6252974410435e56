import { expect, test } from 'vitest'
import { FlopgapError } from '../../../src/errors.js'
import { build } from '../../../src/models/spec.js'

function refusal(spec: string): FlopgapError {
  try {
    build(spec)
  } catch (error) {
    if (error instanceof FlopgapError) return error
    throw error
  }
  throw new Error(`${spec} was built`)
}

const specOf = (spec: string) => {
  const { origin } = build(spec)
  return origin.kind === 'spec' ? origin.spec : null
}

test.each([
  ['shufflenet-v1:groups=2,scale=0.5', '25 channels, which do not divide into 2 groups', 'scale=0.48 or scale=0.52'],
  ['shufflenet-v1:groups=2,scale=0.25', '12.5 channels', 'scale=0.24 or scale=0.28'],
  [
    'shufflenet-v1:groups=4,scale=0.5',
    '34 channels, which do not divide into 4 groups',
    'groups=3 or groups=8 or scale=1',
  ],
  ['shufflenet-v1:scale=0.33', '19.8 channels', 'scale=0.3 or scale=0.35'],
  ['se-shufflenet-v1:groups=4,scale=0.25', '17 channels, which do not divide into 4 groups', 'groups=3 or groups=8'],
  ['condensenet-74:condense=16', '24 inputs cannot keep one in 16', 'condense=8'],
  ['condensenet-74:groups=3', '16 inputs cannot keep one in 3', 'groups=2 or groups=4'],
  ['condensenet-74:groups=16,condense=8', '8 channels, which do not divide into 16 groups', 'groups=8'],
])('%s is refused: %s', (spec, reason, nearest) => {
  const { code, message, hint } = refusal(spec)
  expect(code).toBe('bad-option')
  expect(message).toContain(`${spec} cannot be built: `)
  expect(message).toContain(reason)
  expect(hint).toContain(nearest)
})

test('the nearest that are named can be built', () => {
  const spec = 'shufflenet-v1:groups=2,scale=0.5'
  const changes = refusal(spec).hint?.match(/\w+=[\d.]*\d/g) ?? []
  expect(changes.length).toBeGreaterThan(1)
  for (const change of changes) {
    const [key, value] = change.split('=')
    expect(() => build(spec.replace(new RegExp(`${key}=[\\d.]+`), `${key}=${value}`))).not.toThrow()
  }
})

test.each([
  ['shufflenet-v2:scale=0.75', '0.5 | 1 | 1.5 | 2'],
  ['shufflenet-v1:groups=5', '1 | 2 | 3 | 4 | 8'],
  ['shufflenet-v1:bias=toString', 'true | false'],
  ['condensenet-50:dataset=imagenet', 'cifar10 | cifar100'],
  ['mobilenet-v1:depth=deep', 'full | shallow'],
])('%s is out of range, which is %s', (spec, range) => {
  expect(refusal(spec)).toMatchObject({ code: 'bad-option', hint: expect.stringContaining(range) })
})

test.each([
  ['shufflenet-v1:groups=3,scale=1.0,bias=true', 'shufflenet-v1'],
  ['shufflenet-v2:scale=1.50', 'shufflenet-v2:scale=1.5'],
  ['condensenet-74:groups=4', 'condensenet-74'],
  ['condensenet-50:dataset=cifar10', 'condensenet-50'],
  ['condensenet-74:condense=groups,classes=dataset', 'condensenet-74'],
])('%s is %s', (spec, short) => {
  expect(specOf(spec)).toBe(short)
})

const inputAndOutput = (spec: string) => {
  const { inputs, weights } = build(spec)
  return [inputs[0]?.type?.dims, weights.get('head/fc.bias')?.dims]
}

test.each([
  ['condensenet-74', [1, 3, 224, 224], [1000]],
  ['condensenet-74:dataset=cifar10', [1, 3, 32, 32], [10]],
  ['condensenet-74:dataset=cifar100', [1, 3, 32, 32], [100]],
  ['condensenet-86:resolution=64,classes=7,batch=2', [2, 3, 64, 64], [7]],
  ['xception', [1, 3, 299, 299], [1000]],
  ['shufflenet-v2-50:resolution=160,classes=21,batch=4', [4, 3, 160, 160], [21]],
])('%s takes %j and has %j classes', (spec, input, classes) => {
  expect(inputAndOutput(spec)).toEqual([input, classes])
})

test('C follows G unless it is given', () => {
  const index = (spec: string) => build(spec).weights.get('block1/layer1/reduce/gather.index')?.dims
  expect(index('condensenet-74:groups=8')).toEqual([16])
  expect(index('condensenet-74:groups=8,condense=4')).toEqual([32])
  expect(index('condensenet-74:groups=4,condense=8')).toEqual([8])
})

/** Output channels of a ShuffleNet V1's stem. */
const stem = (spec: string) => build(spec).weights.get('stem/conv.weight')?.dims[0]

// the authors' code (megvii-model/ShuffleNet-Series, ShuffleNetV1/network.py), whose sizes are 0.5x to 2.0x
test.each([
  ['shufflenet-v1:scale=0.25', 6],
  ['shufflenet-v1:scale=0.5', 12],
  ['shufflenet-v1', 24],
  ['shufflenet-v1:scale=1.5', 24],
  ['shufflenet-v1:scale=2', 48],
  ['shufflenet-v1:groups=8,scale=0.25', 8],
  ['shufflenet-v1:groups=8,scale=0.5', 16],
  ['shufflenet-v1:groups=8', 24],
  ['shufflenet-v1:groups=8,scale=1.5', 24],
  ['shufflenet-v1:groups=8,scale=2', 48],
])('the stem of %s has %i channels', (spec, channels) => {
  expect(stem(spec)).toBe(channels)
})
