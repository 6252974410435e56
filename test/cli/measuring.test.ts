import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { modelBytes, put, value } from '../onnx/files.js'
import { childrenOf, isGone, measuringProcess } from './processes.js'
import { run, start, temporaryFolder, until } from './run.js'

const root = temporaryFolder()
/** That of all tests. It has ceilings, so that profile goes straight to the model. */
const calibrated = process.env.FLOPGAP_CACHE_DIR ?? ''
let folders = 0

beforeAll(async () => {
  const { code, stderr } = await run(['calibrate', '--cached'])
  expect([code, stderr]).toEqual([0, ''])
}, 150_000)

function emptyFolder(): string {
  const folder = join(root, `folder-${folders++}`)
  mkdirSync(folder)
  return folder
}

/** Starts `flopgap profile`, of MobileNet V2 if not of another model, for a minute and waits until its measuring process is at work. */
async function measuring(cache: string, { model = ['mobilenet-v2'], file = 'model.onnx', keep = '1' } = {}) {
  const temporary = emptyFolder()
  const env = { FLOPGAP_CACHE_DIR: cache, FLOPGAP_KEEP_CEILINGS: keep, TMPDIR: temporary }
  const args = ['profile', ...model, '--max-time', '60s', '-o', join(temporary, 'out')]
  // where the system dumps a core, it is no file we left
  const { child, finished } = start(args, { env, cwd: emptyFolder(), detached: true })
  const pid = child.pid ?? 0
  const worker = await measuringProcess(pid, temporary, file)
  onTestFinished(() => {
    // where a test fails, nothing of it goes on
    for (const id of [pid, worker]) if (!isGone(id)) process.kill(id, 'SIGKILL')
  })
  return { child, pid, worker, finished, temporary }
}

const interrupts = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const

it.each(interrupts)('leaves no process and no file behind after %s while it measures', async (signal, code) => {
  const { child, worker, finished, temporary } = await measuring(calibrated)
  child.kill(signal)
  const ended = await finished
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', ''])
  await until(() => isGone(worker))
  expect(readdirSync(temporary)).toEqual([])
})

it('leaves nothing of the copy in which it fixes the sizes of a file', async () => {
  const relu = { opType: 'Relu', input: ['x'], output: ['y'] }
  const bytes = modelBytes({ input: [value('x', ['n', 400])], output: [value('y', ['n', 400])], node: [relu] })
  const model = [put(emptyFolder(), 'open.onnx', bytes), '--dim', 'n=10']
  const { child, finished, temporary } = await measuring(calibrated, { model })
  const copies = readdirSync(temporary).filter((name) => readdirSync(join(temporary, name)).includes('model.onnx'))
  expect(copies).toHaveLength(1)
  child.kill('SIGINT')
  expect((await finished).code).toBe(130)
  expect(readdirSync(temporary)).toEqual([])
})

it('leaves no process and no file behind after Ctrl-C, which a terminal sends to both processes', async () => {
  const { pid, worker, finished, temporary } = await measuring(calibrated)
  process.kill(-pid, 'SIGINT')
  const ended = await finished
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([130, '', ''])
  await until(() => isGone(worker))
  expect(readdirSync(temporary)).toEqual([])
})

it('ends a measuring process that hears nothing, as one does in a long native call', async () => {
  const { child, worker, finished, temporary } = await measuring(calibrated)
  process.kill(worker, 'SIGSTOP')
  child.kill('SIGINT')
  expect((await finished).code).toBe(130)
  await until(() => isGone(worker))
  expect(readdirSync(temporary)).toEqual([])
})

it.each(interrupts)(
  'leaves no process and no file behind after %s while it probes the machine',
  async (signal, code) => {
    const { child, worker, finished, temporary } = await measuring(calibrated, { file: '2.onnx', keep: '' })
    child.kill(signal)
    const ended = await finished
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', ''])
    await until(() => isGone(worker))
    expect(readdirSync(temporary)).toEqual([])
  },
)

it.each(interrupts)('leaves no process and no file behind after %s while it calibrates', async (signal, code) => {
  const cache = emptyFolder()
  const { child, worker, finished, temporary } = await measuring(cache, { file: '40.onnx' })
  child.kill(signal)
  const ended = await finished
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', ''])
  await until(() => isGone(worker))
  expect(readdirSync(temporary)).toEqual([])
  // half a calibration is none
  expect(readdirSync(cache)).toEqual([])
})

it('ends its measuring process where it is killed itself and can do nothing more', async () => {
  const { child, worker, finished } = await measuring(calibrated)
  child.kill('SIGKILL')
  expect((await finished).signal).toBe('SIGKILL')
  await until(() => isGone(worker))
})

it.each([
  ['SIGSEGV', /onnxruntime itself crashed/],
  ['SIGABRT', /onnxruntime itself crashed/],
  ['SIGKILL', /too much memory.*--shape/],
] as const)('says that the measuring process was ended by %s, and leaves nothing behind', async (signal, hint) => {
  const { worker, finished, temporary } = await measuring(calibrated)
  process.kill(worker, signal)
  const { code, stdout, stderr } = await finished
  expect(code).toBe(3)
  expect(stdout).toBe('')
  const [said, advice, ...more] = stderr.trimEnd().split('\n')
  expect(said).toBe(`flopgap: the measuring process was ended by ${signal}`)
  expect(advice).toMatch(hint)
  expect(more).toEqual([])
  expect(readdirSync(temporary)).toEqual([])
})

it.each(interrupts)('leaves nothing of a file that it builds after %s', async (signal, code) => {
  const cwd = emptyFolder()
  const { child, finished } = start(['build', 'resnet-152', '-o', 'net.onnx'], { cwd })
  await until(() => readdirSync(cwd).some((name) => statSync(join(cwd, name)).size > 0))
  child.kill(signal)
  const ended = await finished
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', ''])
  expect(readdirSync(cwd)).toEqual([])
})

it('measures with one process, which is gone in the end with all it wrote', async () => {
  const temporary = emptyFolder()
  const env = { FLOPGAP_CACHE_DIR: calibrated, TMPDIR: temporary }
  const { child, finished } = start(['profile', 'mobilenet-v2:width=0.1', '--max-time', '300ms'], { env })
  const worker = await measuringProcess(child.pid ?? 0, temporary)
  expect(childrenOf(child.pid ?? 0)).toEqual([worker])
  const { code, stderr } = await finished
  expect([code, stderr]).toEqual([0, ''])
  expect(isGone(worker)).toBe(true)
  expect(readdirSync(temporary)).toEqual([])
})

it('makes names of a file harmless in a profile as well', async () => {
  const cwd = emptyFolder()
  // a C1 control sequence and a right-to-left override
  const evil = 'n\u009b2J\u202e'
  const nodes = ['Relu', 'Sigmoid', 'Exp'].map((opType, index) => ({
    name: `${evil}${index}`,
    opType,
    input: [index === 0 ? evil : `${evil}-${index - 1}`],
    output: [`${evil}-${index}`],
  }))
  const bytes = modelBytes({ input: [value(evil, [1, 400])], output: [value(`${evil}-2`, [1, 400])], node: nodes })
  put(cwd, 'names.onnx', bytes)
  const env = { FLOPGAP_CACHE_DIR: calibrated }
  const { stdout, stderr, code } = await run(['profile', 'names.onnx', '--all', '--max-time', '200ms'], { cwd, env })
  expect(code).toBe(0)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(stdout).toContain('n\\u{9b}2J\\u{202e}')
})
