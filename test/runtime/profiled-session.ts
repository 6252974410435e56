import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from '../../src/onnx/load.js'
import { executedGraph } from '../../src/runtime/executed.js'
import type { InputType } from '../../src/runtime/feeds.js'
import { makeFeeds } from '../../src/runtime/feeds.js'
import { writesOptimized } from '../../src/runtime/optimize.js'
import { onnxruntime } from '../../src/runtime/ort.js'
import { sessionOptions } from '../../src/runtime/session.js'
import { readTrace } from '../../src/runtime/trace.js'
import type { ExecutedGraph, SessionSettings } from '../../src/types.js'

export interface SessionOf {
  readonly path: string
  readonly settings: SessionSettings
  readonly inputs: readonly InputType[]
}

export interface Ran {
  readonly executed: ExecutedGraph
  /** By output, its numbers. */
  readonly outputs: Readonly<Record<string, readonly number[]>>
}

/** Runs a file three times under the profiler; the first run does not count. */
export async function runProfiled({ path, settings, inputs }: SessionOf, folder: string): Promise<Ran> {
  const place = join(folder, `session-${readdirSync(folder).length}`)
  mkdirSync(place)
  const optimized = join(place, 'optimized.onnx')
  const session = await onnxruntime().InferenceSession.create(path, {
    ...sessionOptions(settings),
    enableProfiling: true,
    profileFilePrefix: join(place, 'profile'),
    ...writesOptimized(optimized),
  })
  const feeds = makeFeeds(inputs)
  for (let run = 0; run < 2; run++) await session.run(feeds)
  const results = await session.run(feeds)
  session.endProfiling()
  await session.release()
  const json = readdirSync(place).find((name) => name.startsWith('profile')) ?? ''
  const executed = executedGraph(readTrace(readFileSync(join(place, json), 'utf8'), 1), load(optimized), inputs)
  const outputs = Object.entries(results).map(([name, { data }]) => [
    name,
    Array.from(data as ArrayLike<number>, Number),
  ])
  return { executed, outputs: Object.fromEntries(outputs) }
}
