import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listSupportedBackends } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { constantNode, counting, float32Bytes, modelBytes, onnx, put, value } from '../onnx/files.js'
import { run, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const env = { FLOPGAP_CACHE_DIR: join(folder, 'cache') }
const { DataType } = onnx.TensorProto

const relu = modelBytes({
  input: [value('x', [1, 4])],
  output: [value('y', [1, 4])],
  node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
})

put(folder, 'good.onnx', relu)
put(folder, 'text.onnx', 'not a model')
put(folder, 'cut.onnx', relu.subarray(0, 40))
put(folder, 'lfs.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1\n')
put(
  folder,
  'unknown-op.onnx',
  modelBytes({
    input: [value('x', [1, 4])],
    output: [value('y', [1, 4])],
    node: [{ name: 'odd one', opType: 'Frobnicate', input: ['x'], output: ['y'] }],
  }),
)
put(
  folder,
  'gemm.onnx',
  modelBytes({
    input: [value('x', [1, 10])],
    output: [value('y', [])],
    initializer: [{ name: 'w', dims: [20, 5], dataType: DataType.FLOAT, rawData: float32Bytes(counting(100)) }],
    node: [{ name: 'classifier', opType: 'Gemm', input: ['x', 'w'], output: ['y'] }],
  }),
)
put(
  folder,
  'reshape.onnx',
  modelBytes({
    input: [value('x', [2, 5])],
    output: [value('y', [])],
    node: [
      constantNode('shape', { dims: [2], dataType: DataType.INT64, int64Data: [-1, 4] }),
      { name: 'flatten-head', opType: 'Reshape', input: ['x', 'shape'], output: ['y'] },
    ],
  }),
)
put(
  folder,
  'free.onnx',
  modelBytes({
    input: [value('images', ['batch', 3, 'height', null])],
    output: [value('y', [])],
    node: [{ opType: 'Relu', input: ['images'], output: ['y'] }],
  }),
)
put(
  folder,
  'external.onnx',
  modelBytes({
    output: [value('y', [])],
    initializer: [
      {
        name: 'conv.weight',
        dims: [100],
        dataType: DataType.FLOAT,
        dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
        externalData: [{ key: 'location', value: 'conv.bin' }],
      },
    ],
    node: [{ opType: 'Relu', input: ['conv.weight'], output: ['y'] }],
  }),
)
put(
  folder,
  'channels.onnx',
  modelBytes({
    input: [value('x', [1, 5, 4, 4])],
    output: [value('y', [])],
    initializer: [{ name: 'w', dims: [2, 3, 1, 1], dataType: DataType.FLOAT, rawData: new Uint8Array(24) }],
    node: [{ name: 'stem', opType: 'Conv', input: ['x', 'w'], output: ['y'] }],
  }),
)
put(
  folder,
  'fixed-reshape.onnx',
  modelBytes({
    input: [value('x', [5, 3])],
    output: [value('y', [])],
    initializer: [
      { name: 's', dims: [2], dataType: DataType.INT64, rawData: new Uint8Array(BigInt64Array.of(3n, 4n).buffer) },
    ],
    node: [{ name: 'flat', opType: 'Reshape', input: ['x', 's'], output: ['y'] }],
  }),
)
mkdirSync(join(folder, 'folder.onnx'))
execFileSync('bash', ['-c', 'mkfifo "$0"', join(folder, 'pipe.onnx')])

const analyze = (...args: string[]) => ['analyze', ...args]

const cases: readonly [what: string, args: readonly string[], message: RegExp, hint: RegExp][] = [
  ['a missing file', analyze('nowhere.onnx'), /there is no file nowhere\.onnx/, /path/],
  ['a folder', analyze('folder.onnx'), /folder\.onnx: not a file/, /ONNX file/],
  ['a pipe', analyze('pipe.onnx'), /pipe\.onnx: not a file/, /ONNX file/],
  ['a file that is not ONNX', analyze('text.onnx'), /text\.onnx: not an ONNX model/, /exported as ONNX/],
  ['a truncated file', analyze('cut.onnx'), /cut\.onnx: the ONNX file is cut short: it has 40 bytes/, /again/],
  ['a Git LFS pointer', analyze('lfs.onnx'), /lfs\.onnx: .*Git LFS pointer/, /git lfs pull/],
  ['missing external data', analyze('external.onnx'), /"conv\.weight" is in "conv\.bin"/, /beside the data file/],
  [
    'an unknown operator, to run',
    ['profile', 'unknown-op.onnx', '--max-time', '100ms'],
    /onnxruntime does not accept the model: .*Frobnicate/,
    /node/,
  ],
  ['a Gemm that does not fit', analyze('gemm.onnx'), /onnxruntime does not accept the model: .*classifier/, /node/],
  ['a Reshape that does not fit', analyze('reshape.onnx'), /does not accept the model: .*flatten-head/, /node/],
  ['a Conv that does not fit', analyze('channels.onnx'), /"stem" has filters for 3 channels, .* has 5/, /--shape/],
  ['a fixed Reshape that does not fit', analyze('fixed-reshape.onnx'), /"flat" cannot reshape 5x3 to 3x4/, /--shape/],
  [
    'an input that no machine holds',
    ['profile', 'free.onnx', '--shape', '1,3,99999,99999'],
    /would take 120 GB/,
    /--shape/,
  ],
  [
    'the model itself as output',
    analyze('good.onnx', '-o', 'good.onnx'),
    /good\.onnx is the model itself/,
    /another name/,
  ],
  [
    'free dimensions',
    analyze('free.onnx'),
    /leaves sizes open: images: batch,3,height,\?/,
    /--shape images:1,3,224,224 or --dim batch=N --dim height=N/,
  ],
  ['a shape that does not fit', analyze('good.onnx', '--shape', 'x:1,5'), /1,5 does not fit .*x: 1,4/, /fixe/],
  ['a shape of no input', analyze('good.onnx', '--shape', 'q:1,4'), /no input "q"/, /inputs: x/],
  ['an unknown dimension', analyze('free.onnx', '--dim', 'N=1'), /no free dimension "N"/, /batch, height/],
  ['a size that is none', analyze('free.onnx', '--dim', 'batch=0'), /"0" is not a size/, /--help/],
  ['a shape that is none', analyze('good.onnx', '--shape', 'x:1,a'), /"a" is not a size/, /--help/],
  [
    'a dimension given twice',
    analyze('free.onnx', '--dim', 'batch=1', '--dim', 'batch=2'),
    /batch=2.* already/,
    /--help/,
  ],
  ['a shape given twice', analyze('good.onnx', '--shape', 'x:1,4', '--shape', 'x:2,4'), /x:2,4.* already/, /--help/],
  ['an unknown architecture', analyze('mobilenet-v9'), /"mobilenet-v9"; did you mean mobilenet-v\d/, /flopgap list/],
  ['an unknown option of one', analyze('mobilenet-v2:widht=1'), /"widht"; did you mean width\?/, /options: width/],
  [
    'an option out of range',
    analyze('mobilenet-v2:width=99'),
    /width=99 is out of range/,
    /0\.05 to 8; its default is 1/,
  ],
  ['an option that is no number', analyze('mobilenet-v2:batch=two'), /batch=two is out of range/, /1 to/],
  ['an unknown architecture to list', ['list', 'resnet-51'], /"resnet-51"; did you mean resnet-50/, /flopgap list/],
  ['an unknown architecture to build', ['build', 'resnet', '-o', 'r.onnx'], /"resnet"; did you mean/, /flopgap list/],
  [
    'a missing folder for list',
    ['list', '-o', 'no/list.json'],
    /cannot write no\/list\.json: .*folder does not/,
    /folder/,
  ],
  ['a folder as output of list', ['list', '-o', 'folder.onnx'], /cannot write folder\.onnx: it is a folder/, /file/],
  [
    'a missing folder for analyze',
    analyze('good.onnx', '-o', 'no/a'),
    /cannot write no\/a: .*does not exist/,
    /folder/,
  ],
  ['a folder as output of analyze', analyze('good.onnx', '-o', '.'), /cannot write \.: it is a folder/, /file/],
  ['a missing folder for build', ['build', 'resnet-50', '-o', 'no/b.onnx'], /cannot write no\/b\.onnx/, /folder/],
  ['a folder as output of build', ['build', 'resnet-50', '-o', '.'], /cannot write \.: it is a folder/, /file/],
  ['no room for the output', ['list', '-o', '/dev/full'], /cannot write \/dev\/full: no space/, /folder/],
  ['a folder for profile, before it measures', ['profile', 'mobilenet-v2', '-o', '.'], /cannot write \./, /file/],
  ['an unknown provider', ['profile', 'mobilenet-v2', '--provider', 'abacus'], /no provider "abacus"/, /cpu/],
  ['an unknown provider to calibrate', ['calibrate', '--provider', 'abacus'], /no provider "abacus"/, /cpu/],
  ['no threads', ['profile', 'mobilenet-v2', '--threads', '0'], /--threads .*'0' is invalid.*1 to 1024/, /--help/],
  ['half a thread', ['profile', 'mobilenet-v2', '--threads', '1.5'], /'1\.5' is invalid/, /--help/],
  ['a time that is none', ['profile', 'mobilenet-v2', '--max-time', 'soon'], /'soon' is invalid.*e\.g\. 10s/, /--help/],
  ['a time without a unit', ['profile', 'mobilenet-v2', '--max-time', '10'], /'10' is invalid/, /--help/],
  ['a time too short', ['profile', 'mobilenet-v2', '--max-time', '1ms'], /100ms to 24h/, /--help/],
  ['a negative time', ['profile', 'mobilenet-v2', '--max-time=-5s'], /'-5s' is invalid/, /--help/],
  ['no launches', ['profile', 'mobilenet-v2', '--launches', '0'], /'0' is invalid.*1 to 100/, /--help/],
  [
    'an unknown level of optimisation',
    ['profile', 'mobilenet-v2', '--optimization', 'most'],
    /'most' is invalid.*disabled, basic, extended, layout, all/,
    /--help/,
  ],
  ['a missing file of ceilings', ['calibrate', '--replay', 'nowhere.json'], /no file nowhere\.json/, /.?/],
  ['a file of ceilings that is none', ['calibrate', '--replay', 'text.onnx'], /text\.onnx is not a JSON file/, /.?/],
  ['an unknown format', ['list', '--format', 'xml'], /'xml' is invalid.*table, json/, /--help/],
  ['a seed that is none', ['build', 'resnet-50', '-o', 's.onnx', '--seed', '-1'], /-1/, /--help/],
  ['an unknown command', ['analyse', 'mobilenet-v2'], /unknown command 'analyse'.*Did you mean analyze\?/, /--help/],
  ['an unknown flag', ['analyze', 'mobilenet-v2', '--formt', 'json'], /'--formt'.*Did you mean --format\?/, /--help/],
  ['a missing argument', ['analyze'], /missing required argument 'model'/, /--help/],
  ['a missing output', ['build', 'resnet-50'], /'-o, --output <file>' not specified/, /--help/],
  ['nothing to profile', ['profile'], /no model is given/, /flopgap list/],
  ['an argument too many', ['list', 'a', 'b'], /too many arguments/, /--help/],
  ['a missing file to replay', ['profile', '--replay', 'nowhere.json'], /no file nowhere\.json/, /.?/],
  ['a file to replay that is no report', ['profile', '--replay', 'text.onnx'], /text\.onnx is not a JSON file/, /.?/],
]

it.each(cases)('answers %s with one message and code 2', async (_, args, message, hint) => {
  const { stdout, stderr, code } = await run(args, { cwd: folder, env })
  const [said = '', advice = '', ...more] = stderr.trimEnd().split('\n')
  expect(stderr).not.toContain('    at ')
  expect(said).toMatch(/^flopgap: /)
  expect(said).toMatch(message)
  expect(advice).toMatch(hint)
  expect(more).toEqual([])
  expect(stderr).not.toContain('\\u{')
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

it.each([
  'mobilenet-v2:width',
  'mobilenet-v2:=',
  'mobilenet-v2:width=',
  'mobilenet-v2:width=1=2',
  'mobilenet-v2:width=1,width=2',
])('answers the malformed spec %s with one message that quotes it', async (spec) => {
  const { stdout, stderr, code } = await run(['analyze', spec], { cwd: folder, env })
  expect(stderr).toMatch(/^flopgap: .*(is not key=value|is given twice)/)
  expect(stderr).toContain(JSON.stringify(spec))
  expect(stderr).not.toContain('    at ')
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

it('lists the providers that this build of onnxruntime has', async () => {
  const { stderr } = await run(['profile', 'mobilenet-v2', '--provider', 'abacus'], { cwd: folder, env })
  for (const { name } of listSupportedBackends()) expect(stderr).toContain(name)
})

it('answers no command with the help, code 2 and no complaint', async () => {
  const { stdout, stderr, code } = await run([])
  expect(stderr).toContain('Usage: flopgap')
  expect(stderr).not.toContain('outputHelp')
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

const nobody = 65534

it('says that an output or a file is not for this person', async () => {
  chmodSync(folder, 0o755)
  const locked = join(folder, 'locked')
  mkdirSync(locked, { mode: 0o555 })
  const kept = put(folder, 'kept.json', 'old')
  chmodSync(kept, 0o444)
  const secret = put(folder, 'secret.onnx', relu)
  chmodSync(secret, 0)
  const open = join(folder, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const readOnly = put(open, 'read-only.json', 'old')
  chmodSync(readOnly, 0o444)
  // root may do everything
  const options = { cwd: folder, env, ...(process.getuid?.() === 0 ? { uid: nobody } : {}) }
  const refused: [readonly string[], string][] = [
    [['list', '-o', 'locked/list.json'], 'cannot write locked/list.json: permission denied'],
    [['list', '-o', 'kept.json'], 'cannot write kept.json: permission denied'],
    [['list', '-o', 'open/read-only.json'], 'cannot write open/read-only.json: permission denied'],
    [['analyze', 'good.onnx', '-o', 'locked/a.json'], 'cannot write locked/a.json: permission denied'],
    [['build', 'mobilenet-v2', '-o', 'locked/b.onnx'], 'cannot write locked/b.onnx: permission denied'],
    [['analyze', 'secret.onnx'], 'cannot read secret.onnx: permission denied'],
  ]
  for (const [args, message] of refused) {
    const { stdout, stderr, code } = await run(args, options)
    expect(stderr).toContain(`flopgap: ${message}\n`)
    expect([stdout, code]).toEqual(['', 2])
  }
  expect(readFileSync(kept, 'utf8')).toBe('old')
  expect(readFileSync(readOnly, 'utf8')).toBe('old')
})
