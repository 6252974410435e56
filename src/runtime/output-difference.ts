import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { SessionSettings } from '../types.js'
import { makeFeeds } from './feeds.js'
import type { CompareTask, JobModel, OutputDifference } from './job.js'
import { createSession } from './session.js'

/** Inputs that both models are run on. */
const trials = 3

/** How the outputs of two models that are fed the same differ at most. */
export async function outputDifferences(
  { models: [before, after] }: CompareTask,
  settings: SessionSettings,
): Promise<OutputDifference[]> {
  const sessions = [
    await createSession(before, settings),
    await createSession(after, settings),
    await createSession(before, { ...settings, optimization: 'disabled' }),
  ] as const
  const all: OutputDifference[] = []
  for (let seed = 1; seed <= trials; seed++) {
    const [expected, actual, plain] = [
      await outputsOf(sessions[0], before, seed),
      await outputsOf(sessions[1], after, seed),
      await outputsOf(sessions[2], before, seed),
    ]
    for (const name of sessions[0].outputNames) {
      const difference = differenceOf(expected[name], actual[name])
      all.push({ name, difference, rounding: differenceOf(expected[name], plain[name]) })
    }
  }
  await Promise.all(sessions.map((session) => session.release()))
  return all
}

const outputsOf = (session: InferenceSession, { inputs }: JobModel, seed: number) =>
  session.run(makeFeeds(inputs, seed))

function differenceOf(expected: Tensor | undefined, actual: Tensor | undefined): number | null {
  if (expected === undefined || actual === undefined) return null
  if (expected.type !== actual.type || expected.dims.join() !== actual.dims.join()) return null
  const [a, b] = [expected.data, actual.data]
  if (!(a instanceof Float32Array || a instanceof Float64Array)) {
    return Array.from(a as ArrayLike<unknown>).every((value, index) => value === b[index]) ? 0 : null
  }
  // what is nowhere a number shows nothing
  return a.length > 0 && !a.some(Number.isFinite) ? null : relativeDifference(a, b as typeof a)
}

/** The largest difference, of the root mean square. */
function relativeDifference(a: Float32Array | Float64Array, b: ArrayLike<number>): number | null {
  let [squares, largest] = [0, 0]
  for (const [index, value] of a.entries()) {
    const other = b[index] as number
    squares += value * value
    // a value that is not finite has to be the same
    if (!Object.is(value, other)) largest = Math.max(largest, Math.abs(value - other))
  }
  if (!Number.isFinite(largest)) return null
  const rms = Math.sqrt(squares / Math.max(1, a.length))
  return largest === 0 ? 0 : largest / (rms || 1)
}
