import { symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FlopgapError } from '../../src/errors.js'
import { load } from '../../src/onnx/load.js'
import { constantNode, counting, float32Bytes, modelBytes, onnx, put, temporaryFolder, value } from './files.js'

const root = temporaryFolder()
// what lies beside the folder is outside of it
const folder = join(root, 'model')
const { DataType, DataLocation } = onnx.TensorProto
const values = float32Bytes(counting(50))

const external = (entries: Record<string, string>, dims = [50], dataType: number = DataType.FLOAT) => ({
  name: 'block1.conv/weight',
  dims,
  dataType,
  dataLocation: DataLocation.EXTERNAL,
  externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
})

function loadWith(tensor: ReturnType<typeof external>) {
  const bytes = modelBytes({ initializer: [tensor], output: [value('y', [1])] })
  return load(put(folder, 'model.onnx', bytes))
}

function failure(load: () => unknown): FlopgapError {
  try {
    load()
  } catch (error) {
    if (error instanceof FlopgapError) return error
    throw error
  }
  throw new Error('it loaded')
}

put(folder, 'weights.bin', new Uint8Array(16), values)
put(folder, 'exact.bin', values)
put(folder, 'deep/er/weights.bin', values)
put(root, 'outside.bin', values)
symlinkSync(join(root, 'outside.bin'), join(folder, 'leaving.bin'))
symlinkSync(join(folder, 'exact.bin'), join(folder, 'staying.bin'))
symlinkSync(root, join(folder, 'up'))

it.each([
  ['by offset and length', { location: 'weights.bin', offset: '16', length: '200' }, 'weights.bin', 16],
  ['by offset alone', { location: 'weights.bin', offset: '16' }, 'weights.bin', 16],
  ['by location alone', { location: 'exact.bin' }, 'exact.bin', 0],
  ['at the start of a longer file', { location: 'weights.bin' }, 'weights.bin', 0],
  ['with a checksum, which is not checked', { location: 'exact.bin', checksum: 'abc' }, 'exact.bin', 0],
  ['in a folder below', { location: 'deep/er/weights.bin' }, 'deep/er/weights.bin', 0],
  ['on a path that comes back', { location: 'deep/../exact.bin' }, 'exact.bin', 0],
  ['behind a link that stays inside', { location: 'staying.bin' }, 'exact.bin', 0],
])('finds values given %s', (_, entries, file, offset) => {
  const weight = loadWith(external(entries)).weights.get('block1.conv/weight')
  expect(weight?.data).toEqual({ kind: 'file', path: join(folder, file), offset, byteLength: 200 })
})

it.each([
  ['a missing file', { location: 'nowhere.bin' }, /"nowhere.bin", which does not exist/],
  ['a missing folder', { location: 'no/where.bin' }, /"no\/where.bin", which does not exist/],
  ['no location', {}, /in "", which is not a path relative to the model/],
  ['a path that leaves the folder', { location: '../outside.bin' }, /"..\/outside.bin", outside the model's folder/],
  ['a path that leaves it later', { location: 'deep/../../outside.bin' }, /outside the model's folder/],
  ['an absolute path outside', { location: join(root, 'outside.bin') }, /not a path relative to the model/],
  ['an absolute path inside', { location: join(folder, 'exact.bin') }, /not a path relative to the model/],
  ['a path with a null byte', { location: 'exact.bin\0' }, /not a path relative to the model/],
  ['a link that leaves the folder', { location: 'leaving.bin' }, /a link that leaves the model's folder/],
  ['a folder link that leaves it', { location: 'up/outside.bin' }, /a link that leaves the model's folder/],
  ['a folder', { location: 'deep' }, /"deep", which is not a file/],
  ["the model's own folder", { location: '.' }, /which is not a file/],
  ['an offset past the end', { location: 'exact.bin', offset: '201' }, /needs bytes 201 to 401 .* which has 200/],
  ['values past the end', { location: 'exact.bin', offset: '4' }, /needs bytes 4 to 204 .* which has 200/],
  ['a length past the end', { location: 'exact.bin', length: '204' }, /needs bytes 0 to 204 .* which has 200/],
  ['a length below the shape', { location: 'exact.bin', length: '196' }, /has 196 bytes .* needs 200/],
  ['an offset that is no number', { location: 'exact.bin', offset: 'start' }, /invalid offset "start"/],
  ['a negative offset', { location: 'exact.bin', offset: '-4' }, /invalid offset "-4"/],
  ['a fractional offset', { location: 'exact.bin', offset: '0.5' }, /invalid offset "0.5"/],
  ['an offset beyond exact numbers', { location: 'exact.bin', offset: '9007199254740993' }, /invalid offset/],
  ['a length in another base', { location: 'exact.bin', length: '0xc8' }, /invalid length "0xc8"/],
  ['an empty length', { location: 'exact.bin', length: '' }, /invalid length ""/],
])('refuses %s and names the tensor', (_, entries, message) => {
  const error = failure(() => loadWith(external(entries)))
  expect(error.code).toBe('bad-external-data')
  expect(error.message).toContain('"block1.conv/weight"')
  expect(error.message).toContain(join(folder, 'model.onnx'))
  expect(error.message).toMatch(message)
  expect(error.hint).toMatch(/data file/)
})

it('refuses a shape that the file cannot hold, however large', () => {
  for (const dims of [[51], [2 ** 40, 2 ** 40, 2 ** 40]]) {
    const error = failure(() => loadWith(external({ location: 'exact.bin' }, dims)))
    expect(error.code).toBe('bad-external-data')
    expect(error.message).toMatch(/"block1.conv\/weight" needs bytes 0 to/)
  }
})

it('refuses an offset past the end of a type whose size it does not know', () => {
  const newerThanAnyTable = 99
  const error = failure(() => loadWith(external({ location: 'exact.bin', offset: '300' }, [50], newerThanAnyTable)))
  expect(error.code).toBe('bad-external-data')
})

it('names a Constant node of unnamed data by its output', () => {
  const tensor = { ...external({ location: 'nowhere.bin' }), name: '' }
  const bytes = modelBytes({ node: [constantNode('anchors', tensor)], output: [value('y', [1])] })
  const error = failure(() => load(put(folder, 'constant.onnx', bytes)))
  expect(error.code).toBe('bad-external-data')
  expect(error.message).toContain('"anchors"')
})

it('does not read external values: a file of a terabyte that holds nothing will do', () => {
  const terabyte = 2 ** 40
  truncateSync(put(folder, 'huge.bin', ''), terabyte)
  const weight = loadWith(external({ location: 'huge.bin' }, [terabyte / 4])).weights.get('block1.conv/weight')
  expect(weight?.data).toMatchObject({ kind: 'file', byteLength: terabyte })
})
