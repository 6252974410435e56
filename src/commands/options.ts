import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import ms from 'ms'
import { FlopgapError } from '../errors.js'
import type { Binding } from '../onnx/bind.js'
import { checkPlace } from '../output.js'

export interface OutputOptions {
  readonly format?: 'table' | 'json'
  readonly output?: string
}

export interface BindingOptions {
  readonly shape?: Binding['shapes']
  readonly dim?: Binding['dims']
}

export const withFormat = (command: Command): Command =>
  command.addOption(new Option('--format <format>', 'how the result is written').choices(['table', 'json']))

/** `--format` and `-o`, which every command with a result takes. */
export const withOutput = (command: Command): Command =>
  withFormat(command).option(
    '-o, --output <file>',
    'write to a file; one that ends in .json is JSON by default',
    (path: string) => (path === '-' ? path : outputFile(path)),
  )

/** A path that can be written: a person learns of a slip before the work, not after it. */
export function outputFile(path: string): string {
  checkPlace(path)
  return path
}

/** `--shape` and `--dim`, for models that leave sizes open. */
export const withBinding = (command: Command): Command =>
  command
    .option(
      '--shape <name:sizes>',
      'shape of an input, e.g. images:1,3,224,224; the name may be left out if there is one input; repeatable',
      parseShape,
    )
    .option('--dim <name=size>', 'size of a free dimension, e.g. batch=1; repeatable', parseDim)

export const bindingOf = ({ shape = {}, dim = {} }: BindingOptions): Binding => ({ shapes: shape, dims: dim })

export function parseShape(text: string, previous: Binding['shapes'] = {}): Binding['shapes'] {
  const [, name = '', sizes = ''] = /^(?:(.*):)?([^:]*)$/s.exec(text) ?? []
  const dims = sizes.split(/[,x]/).map(size)
  if (Object.hasOwn(previous, name)) throw new InvalidArgumentError('This input has a shape already.')
  return { ...previous, [name]: dims }
}

export function parseDim(text: string, previous: Binding['dims'] = {}): Binding['dims'] {
  const [, name, value] = /^(.+)=([^=]*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It is name=size, e.g. batch=1.')
  if (Object.hasOwn(previous, name)) throw new InvalidArgumentError('This dimension has a size already.')
  return { ...previous, [name]: size(value) }
}

function size(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= 2 ** 31 - 1) return value
  throw new InvalidArgumentError(`${JSON.stringify(text)} is not a size; sizes are whole numbers from 1.`)
}

/** A whole number from `min` to `max`, as an option's value. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`)
  }

/** `--provider` and `--threads`: where and how wide to run. */
export const withSession = (command: Command): Command =>
  withThreads(command.option('--provider <name>', 'onnxruntime execution provider', 'cpu'))

/** `--threads`, for what runs on the CPU alone too. */
export const withThreads = (command: Command): Command =>
  command.option('--threads <count>', 'threads inside a kernel', wholeNumber(1, 1024), 1)

/** `--vary key=a,b,c`. */
export function parseVary(text: string, previous: Record<string, readonly string[]> = {}): Record<string, string[]> {
  const [, key, list = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  const values = list.split(',').map((value) => value.trim())
  if (key === undefined || values.includes('')) {
    throw new InvalidArgumentError('It is key=value,value,…, e.g. width=1,0.75,0.5.')
  }
  if (Object.hasOwn(previous, key)) throw new InvalidArgumentError('This option is varied already.')
  if (new Set(values).size < values.length) throw new InvalidArgumentError('A value is given twice.')
  return { ...(previous as Record<string, string[]>), [key]: values }
}

/** `2/8`: the second of eight parts. */
export function parseShard(text: string): { index: number; count: number } {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= count) return { index, count }
  throw new InvalidArgumentError('It is index/count, counted from 1, e.g. 2/8.')
}

/** A length of time such as `10s`, in milliseconds. */
export function duration(text: string): number {
  const value = /^[\d.]+\s*[a-z]+$/i.test(text) ? (ms as (text: string) => number | undefined)(text) : undefined
  if (value !== undefined && value >= 100 && value <= 86_400_000) return value
  throw new InvalidArgumentError('It is a time from 100ms to 24h, e.g. 10s.')
}

/**
 * Keeps a slip of the hand from replacing the model by its report.
 *
 * @throws FlopgapError `unwritable-output`
 */
export function keepModel(target: string | undefined, { output }: OutputOptions): void {
  if (target === undefined || output === undefined || !isSameFile(target, output)) return
  throw new FlopgapError('unwritable-output', `${output} is the model itself`, 'Give -o another name.')
}

/** Also through links. */
function isSameFile(a: string, b: string): boolean {
  try {
    const [one, other] = [statSync(a), statSync(b)]
    return one.dev === other.dev && one.ino === other.ino
  } catch {
    return resolve(a) === resolve(b)
  }
}
