/** The yardstick of latency.ts: nothing but a loop of `session.run`. Prints its median in milliseconds. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { median } from 'simple-statistics'

const [path = '', ms = '1000'] = process.argv.slice(2)
process.env.ORT_DISABLE_TELEMETRY = '1'
const session = await InferenceSession.create(path, {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
})
const [input] = session.inputMetadata
if (!input?.isTensor) throw new Error('the model has no tensor input')
const dims = input.shape as number[]
const values = Float32Array.from(
  { length: dims.reduce((a, b) => a * b, 1) },
  () => Math.sqrt(3) * (2 * Math.random() - 1),
)
const feeds = { [input.name]: new Tensor('float32', values, dims) }
const warm = performance.now() + Number(ms) / 4
while (performance.now() < warm) await session.run(feeds)
const times: number[] = []
const end = performance.now() + Number(ms)
while (performance.now() < end) {
  const start = process.hrtime.bigint()
  await session.run(feeds)
  times.push(Number(process.hrtime.bigint() - start) / 1e6)
}
console.log(median(times))
