/**
 * How well is a latency predicted from the calibration alone, and how much of a measured one stays unexplained? Over the
 * variants of `flopgap list`, every `step`th of them: `npm run bench:predict -- 1`.
 */
import { build, predict, profile } from 'flopgap'
import { median } from 'simple-statistics'
import { architectures } from '../src/models/index.js'
import { interleavedOrder } from './runs.js'

interface Result {
  readonly spec: string
  readonly predictedMs: number
  readonly measuredMs: number
  readonly isInside: boolean
  readonly unexplained: number
}

const step = Number(process.argv[2] ?? 1)
const specs = architectures
  .flatMap(({ name, variants }) => variants.map(({ options }) => (options === '' ? name : `${name}:${options}`)))
  .filter((_, index) => index % step === 0)

const results: Result[] = []
for (const spec of interleavedOrder(specs)) {
  const model = build(spec)
  const { prediction } = await predict(model)
  const report = await profile(model, { maxTimeMs: 2000, launches: 2 })
  const { point, lower, upper } = prediction.latencyMs
  const measuredMs = report.measurement.latencyMs.point
  const unexplained = report.causes.find(({ cause }) => cause === 'unexplained')?.share ?? 0
  const isInside = lower <= measuredMs && measuredMs <= upper
  results.push({ spec, predictedMs: point, measuredMs, isInside, unexplained })
  const error = point / measuredMs - 1
  console.log(
    `${spec}: predicted ${point.toFixed(3)} ms, measured ${measuredMs.toFixed(3)} ms, ${percent(error)}; unexplained ${percent(unexplained)}`,
  )
}

const errors = results.map(({ predictedMs, measuredMs }) => predictedMs / measuredMs - 1)
const sizes = errors.map(Math.abs)
const within = (limit: number) => sizes.filter((size) => size <= limit).length / sizes.length
const unexplained = results.map((result) => result.unexplained)
console.log(`${results.length} variants`)
console.log(`predictions within 10 %: ${percent(within(0.1))}, within 20 %: ${percent(within(0.2))}`)
console.log(`error: median ${percent(median(errors))}, of its size ${percent(median(sizes))}`)
console.log(
  `intervals that hold the measurement: ${percent(results.filter(({ isInside }) => isInside).length / results.length)}`,
)
console.log(`unexplained: median ${percent(median(unexplained))}, most ${percent(Math.max(...unexplained))}`)

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
