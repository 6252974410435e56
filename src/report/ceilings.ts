import type { Ceilings, Environment } from '../types.js'
import { bytes, rate, time, visible } from './format.js'
import { bar, indent, left, type Page, paragraphs, right } from './page.js'
import { table } from './table.js'

/** A machine's ceilings for a terminal. */
export function ceilingsText(environment: Environment, ceilings: Ceilings, page: Page): string {
  const { provider, threads, cpu, onnxruntime } = environment
  const best = Math.max(...ceilings.bandwidth.map((point) => point.bytesPerSecond))
  const width = Math.max(10, page.width - 50)
  return paragraphs([
    `${page.paint.bold(visible(cpu))}\n${provider}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, onnxruntime ${onnxruntime}, measured ${ceilings.measuredAt}`,
    table(
      [left('Arithmetic'), right('rate'), left('')],
      ceilings.arithmetic.map(({ name, flopsPerSecond }) => [
        name,
        rate(flopsPerSecond, 'FLOP'),
        page.paint.cyan(bar(flopsPerSecond / ceilings.flopsPerSecond, width)),
      ]),
      page,
    ),
    table(
      [left('Bandwidth, by working set'), right('rate'), left('')],
      ceilings.bandwidth.map(({ workingSetBytes, bytesPerSecond }) => [
        bytes(workingSetBytes),
        rate(bytesPerSecond, 'B'),
        page.paint.cyan(bar(bytesPerSecond / best, width)),
      ]),
      page,
    ),
    indent(
      [
        `one more kernel    ${time(ceilings.dispatchMs)}`,
        `one run            ${time(ceilings.runMs)}`,
        `profiling a kernel ${time(ceilings.profilerMs)} on its time, ${time(ceilings.profilerRunMs)} on the run`,
      ].join('\n'),
    ),
  ])
}
