import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './run.js'

/** Processes that a process started and that still run, by Linux's own account. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Gone, or dead and only not yet waited for. */
export function isGone(pid: number): boolean {
  try {
    const [, state] = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return state === 'Z' || state === 'X'
  } catch {
    return true
  }
}

/**
 * The measuring process of a command, once it has begun with its first model; `temporary` is the command's TMPDIR.
 *
 * @param file what it works on: a person's model is `model.onnx`, one of a calibration `40.onnx`, and probes have neither
 */
export async function measuringProcess(pid: number, temporary: string, file = 'model.onnx'): Promise<number> {
  const has = (path: string) => readdirSync(temporary).some((name) => existsSync(join(temporary, name, path)))
  return until(() => (has('0') && has(file) ? childrenOf(pid)[0] : undefined))
}
