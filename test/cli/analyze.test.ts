import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { constantNode, fieldHeader, modelBytes, onnx, put, value } from '../onnx/files.js'
import { run, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const flopgap = (...args: string[]) => run(args, { cwd: folder })

const relu = (output: string, op = 'Relu', domain = '') => ({ opType: op, domain, input: ['x'], output: [output] })
put(
  folder,
  'custom.onnx',
  modelBytes({
    input: [value('x', [1, 16])],
    output: [value('y', [1, 16])],
    node: [relu('a'), relu('b'), relu('c'), relu('y', 'Frob\u001bnicate', 'acme')],
  }),
)

describe('--strict', () => {
  it('fails where a node is not counted, which the report names with its share', async () => {
    const { stdout, code } = await flopgap('analyze', 'custom.onnx', '--strict')
    expect(code).toBe(1)
    expect(stdout).toContain('1 of 4 nodes (25.0 %) is not counted; no rule: acme.Frob\\u{1b}nicate 1')
  })

  it('fails after a JSON report as well', async () => {
    const { stdout, code } = await flopgap('analyze', 'custom.onnx', '--strict', '--format', 'json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).coverage.uncountedBy).toMatchObject([{ reason: 'no-rule', nodes: 1, share: 0.25 }])
  })

  it('passes where all are', async () => {
    expect(await flopgap('analyze', 'squeezenet', '--strict')).toMatchObject({ code: 0 })
  })

  it('knows the operators that onnxruntime adds', async () => {
    put(
      folder,
      'gelu.onnx',
      modelBytes({
        input: [value('x', [1, 16])],
        output: [value('y', [1, 16])],
        node: [relu('a', 'Gelu', 'com.microsoft'), { ...relu('y'), input: ['a'] }],
      }),
    )
    expect(await flopgap('analyze', 'gelu.onnx', '--strict')).toMatchObject({ code: 0 })
  })

  it('is not what happens without it', async () => {
    expect(await flopgap('analyze', 'custom.onnx')).toMatchObject({ code: 0 })
  })
})

describe('--executed', () => {
  it('shows what moves after fusing, and what saved it', async () => {
    const { stdout, code } = await flopgap('analyze', 'mobilenet-v1:width=0.25,resolution=96', '--executed')
    expect(code).toBe(0)
    expect(stdout).toMatch(/as executed {2}\d+ kernels {3}cpu, onnxruntime [\d.]+; \d+ inserted by it/)
    expect(stdout).toMatch(/saved +[\d.]+ MB {3}of [\d.]+ MB as written/)
  })

  it('is in the JSON report, kernel by kernel', async () => {
    const { stdout } = await flopgap(
      'analyze',
      'mobilenet-v1:width=0.25,resolution=96',
      '--executed',
      '--format',
      'json',
    )
    const { executed, layers } = JSON.parse(stdout)
    expect(executed.totals.writeBytes).toBeGreaterThan(0)
    expect(executed.layers.length).toBeLessThan(layers.length)
    expect(executed.layers[0].nodes).toContain('stem/conv')
  })
})

/** A file of one weight of `byteLength` zeros that take no room on the disk. */
function putHuge(name: string, byteLength: number): void {
  const [graphField, initializerField, rawDataField] = [7, 5, 9]
  const tensor = onnx.TensorProto.encode({ name: 'w', dims: [1000, byteLength / 4000], dataType: 1 }).finish()
  const start = Buffer.concat([tensor, fieldHeader(rawDataField, byteLength)])
  const rest = onnx.GraphProto.encode({
    input: [value('x', [1, 1000])],
    output: [value('y', [1, byteLength / 4000])],
    node: [{ opType: 'MatMul', input: ['x', 'w'], output: ['y'] }],
  }).finish()
  const initializer = Buffer.concat([fieldHeader(initializerField, start.length + byteLength), start])
  const opset = onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: '', version: 17 }] }).finish()
  const graphLength = rest.length + initializer.length + byteLength
  const before = Buffer.concat([opset, fieldHeader(graphField, graphLength), rest, initializer])
  const fd = openSync(join(folder, name), 'w')
  writeSync(fd, before)
  ftruncateSync(fd, before.length + byteLength)
  closeSync(fd)
}

describe('a file that is larger than protobuf can hold', () => {
  putHuge('huge.onnx', 3_000_000_000)
  const said = /huge\.onnx has 3\.0 GB in one file: protobuf, and so onnxruntime, reads 2 GiB at most/

  it('is counted, with a warning', async () => {
    const { stdout, code } = await flopgap('analyze', 'huge.onnx')
    expect(code).toBe(0)
    expect(stdout).toMatch(said)
    expect(stdout).toMatch(/params +750 M/)
    expect(stdout).toContain('save_as_external_data=True')
  })

  it.each([
    ['profile', 'huge.onnx'],
    ['analyze', 'huge.onnx', '--executed'],
  ])('cannot be run: %s %s %s', async (...args) => {
    const { stderr, code } = await flopgap(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(said)
    expect(stderr.trim().split('\n')).toHaveLength(2)
  })
})

it('meets an empty tensor without a warning of Node, which it gives for bundled code alone', async () => {
  const empty = { name: '', dims: [0], dataType: 1, rawData: new Uint8Array(0) }
  const node = [constantNode('none', empty), { opType: 'Relu', input: ['none'], output: ['y'] }]
  put(folder, 'empty.onnx', modelBytes({ input: [], output: [value('y', [0])], node }))
  expect(await flopgap('analyze', 'empty.onnx')).toMatchObject({ code: 0, stderr: '' })
})
