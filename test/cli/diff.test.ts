import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { LayerDiff, ModelDiff } from '../../src/types.js'
import { modelBytes, onnx, put, value } from '../onnx/files.js'
import { run, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const env = { FLOPGAP_CACHE_DIR: join(folder, 'cache'), NO_COLOR: '1' }
const flopgap = (...args: string[]) => run(['diff', ...args], { cwd: folder, env })

async function jsonOf(...args: string[]): Promise<ModelDiff> {
  const { stdout, stderr, code } = await flopgap(...args, '--format', 'json')
  expect([stderr, code]).toEqual(['', 0])
  return JSON.parse(stdout)
}

const nameOf = ({ after, before }: LayerDiff) => (after ?? before)?.name ?? ''
const changed = ({ layers }: ModelDiff) => layers.filter(({ status }) => status !== 'unchanged')

beforeAll(async () => {
  const built = await run(['build', 'mobilenet-v2', '-o', 'v2.onnx'], { cwd: folder, env })
  expect(built.code).toBe(0)
  const free = (input: string) =>
    modelBytes({
      input: [value(input, ['batch', 3, 'size', 'size'])],
      output: [value('y', [])],
      node: [{ name: 'act', opType: 'Relu', input: [input], output: ['y'] }],
    })
  put(folder, 'free.onnx', free('x'))
  put(folder, 'images.onnx', free('images'))
  put(folder, 'broken.onnx', 'no model')
})

it.each([
  ['a spec and itself', ['mobilenet-v2', 'mobilenet-v2']],
  ['a spec and the same, spelled out', ['mobilenet-v2', 'mobilenet-v2:width=1']],
  ['a spec and the file that was built of it', ['mobilenet-v2', 'v2.onnx']],
  ['a file and itself', ['v2.onnx', 'v2.onnx']],
])('says that there is no difference between %s', async (_, models) => {
  const { stdout, stderr, code } = await flopgap(...models, '--exit-code')
  expect(stdout).toMatch(/^No difference\.$/m)
  expect([stderr, code]).toEqual(['', 0])
})

// Version 1 of ResNet strides in the first 1x1 convolution of a stage, version 1.5 in the 3x3 one after it: of the three
// stages that stride, the first convolution gives four times the places, and so do its BatchNorm and Relu.
it('shows exactly the strides that move between two versions of ResNet-50', async () => {
  const diff = await jsonOf('resnet-50:version=1', 'resnet-50')
  const moves = ['conv3_1', 'conv4_1', 'conv5_1'].flatMap((stage) =>
    ['a/conv', 'a/bn', 'a/relu', 'b/conv'].map((layer) => `${stage}/${layer}`),
  )
  expect(changed(diff).map(nameOf)).toEqual(moves)
  expect(diff.counts).toMatchObject({ changed: 12, added: 0, removed: 0, renamed: 0, moved: 0 })
  const strides = changed(diff).flatMap((layer) =>
    layer.differences.flatMap(({ name, before, after }) =>
      name === 'strides' ? [[nameOf(layer).slice(8), before, after]] : [],
    ),
  )
  const stage = [
    ['a/conv', '2,2', null],
    ['b/conv', null, '2,2'],
  ]
  expect(strides).toEqual([...stage, ...stage, ...stage])
  // C·C' filters at 28², 14² and 7² places before, at four times as many after; C is 256, 512, 1024 and C' 128, 256, 512
  const once = 256 * 128 * 28 ** 2 + 512 * 256 * 14 ** 2 + 1024 * 512 * 7 ** 2
  expect(diff.totals.macs.change).toBe(3 * once)
  expect(diff.totals.params.change).toBe(0)
})

it('aligns every layer of a network with that of half its width', async () => {
  const diff = await jsonOf('mobilenet-v2', 'mobilenet-v2:width=0.5')
  expect(diff.counts).toMatchObject({ added: 0, removed: 0, renamed: 0, moved: 0 })
  for (const { before, after } of diff.layers) expect(before?.name).toBe(after?.name)
  const [whole, half] = await Promise.all(
    ['mobilenet-v2', 'mobilenet-v2:width=0.5'].map(async (spec) =>
      JSON.parse((await run(['analyze', spec, '--format', 'json'], { env })).stdout),
    ),
  )
  for (const [figure, { before, after }] of Object.entries(diff.totals)) {
    if (figure === 'nodes') continue
    expect([figure, before, after]).toEqual([figure, whole.totals[figure], half.totals[figure]])
  }
})

// conv4_x has 6 blocks of 10 layers in ResNet-50 and 23 in ResNet-101, table 1 of the paper; all else is the same
it('shows the blocks that ResNet-101 has more than ResNet-50', async () => {
  const diff = await jsonOf('resnet-50', 'resnet-101')
  expect(diff.counts).toMatchObject({ added: 17 * 10, removed: 0, changed: 0, renamed: 0, moved: 0 })
  const blocks = new Set(changed(diff).map((layer) => nameOf(layer).split('/')[0]))
  expect([...blocks]).toEqual(Array.from({ length: 17 }, (_, index) => `conv4_${index + 7}`))
})

it('leaves with 1 where the models differ, if asked to', async () => {
  const models = ['mobilenet-v2', 'mobilenet-v2:width=0.5']
  expect(await flopgap(...models)).toMatchObject({ code: 0, stderr: '' })
  expect(await flopgap(...models, '--exit-code')).toMatchObject({ code: 1, stderr: '' })
})

it('lists unchanged layers only if asked to', async () => {
  const models = ['resnet-50:version=1', 'resnet-50']
  const [short, long] = await Promise.all([flopgap(...models), flopgap(...models, '--all')])
  expect(short.stdout).not.toContain('conv3_1/b/bn')
  expect(short.stdout).toContain('163 unchanged')
  const listed = long.stdout.split('\n').filter((line) => /^ {2}[~ ] {2}[a-z]/.test(line))
  // and the heading of the table
  expect(listed.length).toBe(175 + 1)
})

it('binds sizes by name to whichever model has them', async () => {
  const sized = await jsonOf('free.onnx', 'images.onnx', '--shape', 'x:1,3,8,8', '--shape', 'images:1,3,8,8')
  expect(sized.counts).toMatchObject({ unchanged: 1 })
  expect(sized.interface.map(({ name, before, after }) => [name, before, after])).toEqual([
    ['x', 'float32 1x3x8x8', null],
    ['images', null, 'float32 1x3x8x8'],
  ])
  const unnamed = await jsonOf('free.onnx', 'images.onnx', '--shape', '1,3,8,8')
  expect(unnamed.totals).toEqual(sized.totals)
  const fixed = await jsonOf('free.onnx', 'mobilenet-v2', '--dim', 'batch=1', '--dim', 'size=8')
  expect(fixed.totals.nodes).toMatchObject({ before: 1 })
})

it('gives the second model sizes of its own', async () => {
  for (const after of ['x:1,3,16,16', '1,3,16,16']) {
    const diff = await jsonOf('free.onnx', 'free.onnx', '--shape', 'x:1,3,8,8', '--after-shape', after)
    // a Relu reads and writes four bytes an element
    expect(diff.totals.readBytes).toMatchObject({ before: 4 * 3 * 64, after: 4 * 3 * 256 })
  }
  const dims = ['--dim', 'batch=1', '--dim', 'size=8', '--after-dim', 'batch=2']
  expect((await jsonOf('free.onnx', 'free.onnx', ...dims)).totals.readBytes.relative).toBe(1)
})

it.each([
  ['a missing file', ['nowhere.onnx', 'mobilenet-v2'], /no file nowhere\.onnx/],
  ['a second file that is no model', ['mobilenet-v2', 'broken.onnx'], /broken\.onnx/],
  ['an unknown architecture', ['mobilenet-v2', 'mobilenet-v9'], /mobilenet-v9/],
  ['one model only', ['mobilenet-v2'], /after/],
  ['sizes that are open, of the second', ['mobilenet-v2', 'free.onnx'], /free\.onnx: the model leaves sizes open/],
  ['an input that neither has', ['free.onnx', 'images.onnx', '--shape', 'z:1,3,8,8'], /no model has the input "z"/],
  ['a dimension that neither has', ['free.onnx', 'images.onnx', '--dim', 'n=1'], /no model has the free dimension "n"/],
  ['an input that the second lacks', ['v2.onnx', 'v2.onnx', '--after-shape', 'z:1'], /v2\.onnx: .*no input "z"/],
  ['an output that is one of the models', ['v2.onnx', 'v2.onnx', '-o', 'v2.onnx'], /is the model itself/],
])('answers %s with one message and code 2', async (_, args, message) => {
  const { stdout, stderr, code } = await flopgap(...args)
  expect(stderr).toMatch(/^flopgap: /)
  expect(stderr).toMatch(message)
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  expect([stdout, code]).toEqual(['', 2])
})

it('makes names of files harmless', async () => {
  const evil = 'n\u001b[31m\r\u202e'
  const { FLOAT } = onnx.TensorProto.DataType
  const graph = (op: string) =>
    modelBytes({
      input: [value('x', [1, 4], FLOAT)],
      output: [value(`y${evil}${op}`, [1, 4])],
      node: [
        { name: `a${evil}`, opType: op, input: ['x'], output: [`m${evil}`] },
        { name: `b${evil}${op}`, opType: 'Relu', input: [`m${evil}`], output: [`y${evil}${op}`] },
      ],
    })
  put(folder, 'evil-a.onnx', graph('Relu'))
  put(folder, 'evil-b.onnx', graph('Sigmoid'))
  for (const format of ['table', 'json']) {
    const { stdout, code } = await flopgap('evil-a.onnx', 'evil-b.onnx', '--format', format)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect([stdout.includes('evil-b.onnx'), code]).toEqual([true, 0])
  }
})
