import type { Ceilings, Environment } from '../types.js'
import { bytes, percent, rate, time, visible } from './format.js'
import { bar, indent, left, type Page, paragraphs, right } from './page.js'
import { place } from './place.js'
import { rooflineChart } from './roofline.js'
import { table } from './table.js'

/** A machine's ceilings for a terminal. */
export const ceilingsText = (environment: Environment, ceilings: Ceilings, page: Page): string =>
  paragraphs([
    heading(environment, ceilings, page),
    rooflineChart(ceilings, page),
    arithmetic(ceilings, page),
    bandwidth(ceilings, page),
    classes(ceilings, page),
    costs(ceilings),
    prediction(ceilings),
  ])

function heading(environment: Environment, { measuredAt }: Ceilings, { paint }: Page): string {
  return `${paint.bold(visible(environment.cpu))}\n${place(environment)}, measured ${measuredAt}`
}

const barWidth = ({ width }: Page, others: number) => Math.max(10, Math.min(40, width - others))

function arithmetic({ arithmetic, flopsPerSecondBy }: Ceilings, page: Page): string {
  const most = Math.max(...arithmetic.map(({ flopsPerSecond }) => flopsPerSecond))
  const rows = arithmetic.map(({ name, precision, flopsPerSecond }) => [
    name,
    precision,
    rate(flopsPerSecond, precision === 'int8' ? 'OP' : 'FLOP'),
    page.paint.cyan(bar(flopsPerSecond / most, barWidth(page, 56))),
  ])
  const missing = Object.entries(flopsPerSecondBy).flatMap(([precision, found]) => (found === null ? [precision] : []))
  const note =
    missing.length === 0
      ? ''
      : `\n  ${missing.join(', ')}: no rate, since no kernel of the provider was seen to compute in it`
  return table([left('Arithmetic'), left('precision'), right('rate'), left('')], rows, page) + note
}

function bandwidth({ bandwidth }: Ceilings, page: Page): string {
  const best = Math.max(...bandwidth.map((point) => point.bytesPerSecond))
  const rows = bandwidth.map(({ workingSetBytes, bytesPerSecond }) => [
    bytes(workingSetBytes),
    rate(bytesPerSecond, 'B'),
    page.paint.cyan(bar(bytesPerSecond / best, barWidth(page, 50))),
  ])
  return table([left('Bandwidth, by working set'), right('rate'), left('')], rows, page)
}

function classes({ classes, flopsPerSecond }: Ceilings, page: Page): string {
  if (classes.length === 0) return ''
  const rows = classes.map((found) => [
    found.class,
    found.flopsPerSecond === null ? '' : rate(found.flopsPerSecond, 'FLOP'),
    found.flopsPerSecond === null ? '' : percent(found.flopsPerSecond / flopsPerSecond),
    rate(found.bytesPerSecond, 'B'),
  ])
  return table([left('Attainable, by kind of kernel'), right('rate'), right('of the best'), right('moved')], rows, page)
}

const costs = ({ dispatchMs, runMs, outputBytesPerSecond, vectorBlock }: Ceilings): string =>
  indent(
    [
      `one more kernel    ${time(dispatchMs)}`,
      `one run            ${time(runMs)}`,
      `handing outputs to JavaScript at ${rate(outputBytesPerSecond, 'B')}`,
      vectorBlock === 1 ? 'channels are not blocked' : `channels in blocks of ${vectorBlock}`,
    ].join('\n'),
  )

/** How far predictions from these ceilings are to be trusted. */
function prediction({ kernelTimes, predictionRatios }: Ceilings): string {
  if (predictionRatios.length === 0)
    return indent('no networks are calibrated on this provider: no latency can be predicted')
  const within = predictionRatios.filter((ratio) => Math.abs(ratio - 1) <= 0.1).length
  const kernels = kernelTimes.reduce((sum, model) => sum + model.kernels, 0)
  return indent(
    `kernel times by ${kernelTimes.length} kinds, from ${kernels} kernels; of ${predictionRatios.length} networks, each predicted from the others, ${within} are within 10 %`,
  )
}
