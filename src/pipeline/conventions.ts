import type { Convention } from '../analyzers/conventions/convention.js'
import { conventions } from '../analyzers/conventions/index.js'
import { countBy, reconcile } from '../analyzers/conventions/reconcile.js'
import { FlopgapError } from '../errors.js'
import { didYouMean } from '../models/find.js'
import type { DetailedAnalysis, Graph } from '../types.js'

type Counts = Pick<DetailedAnalysis, 'convention' | 'reconciliation'>

/**
 * How to count as the convention of that name does, and as all of them do.
 *
 * @throws FlopgapError `unknown-convention`
 */
export function countedBy(name: string | undefined, all: boolean): (graph: Graph) => Counts {
  const convention = name === undefined ? undefined : conventionNamed(name)
  return (graph) => ({
    ...(convention === undefined ? {} : { convention: countBy(graph, convention) }),
    ...(all ? { reconciliation: reconcile(graph) } : {}),
  })
}

/** @throws FlopgapError `unknown-convention`, with the nearest names */
function conventionNamed(name: string): Convention {
  const found = conventions.find((convention) => convention.name === name)
  if (found !== undefined) return found
  const names = conventions.map((convention) => convention.name)
  throw new FlopgapError(
    'unknown-convention',
    `there is no convention ${JSON.stringify(name)}${didYouMean(name, names)}`,
    `They are ${names.join(', ')}; --reconcile shows what each would report.`,
  )
}
