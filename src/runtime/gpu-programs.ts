import type { Execution } from './gpu-times.js'
import type { TraceEvent } from './trace-events.js'

/** Which kernel each program of a run is of. */
export interface Owners {
  /** By program; undefined where no kernel has launched it, or one of several of which it cannot be told. */
  readonly owners: readonly (string | undefined)[]
  readonly unknown: ReadonlySet<string>
}

interface Program {
  /** Node and operator, `node&operator`; nothing before the ampersand for a node without a name. */
  readonly label: string
  readonly program: string
}

/**
 * Finds the kernels that launched a run's programs, which are named `node&operator&program`.
 *
 * Nodes without names are told apart by their place. Programs of several of them in a row are dealt out evenly where that
 * is possible, or else cut before each that is called like the first.
 *
 * @param events in order of time
 * @param executions in order of time
 */
export function ownersOf(events: readonly TraceEvent[], executions: readonly Execution[]): Owners {
  const programs = events.map(programOf)
  const labels = labelsOf(executions, new Set(programs.map(({ label }) => label)))
  const owners: (string | undefined)[] = []
  const unknown = new Set<string>()
  let from = 0
  for (const block of blocksOf(programs)) {
    const kernels = candidates(labels, block, programs[owners.length + block.length]?.label, from)
    const names = kernels.map((index) => executions[index]?.kernel ?? '')
    const dealt = deal(block, names)
    if (dealt === null) for (const name of names) unknown.add(name)
    owners.push(...(dealt ?? block.map(() => undefined)))
    from = (kernels.at(-1) ?? from - 1) + 1
  }
  return { owners, unknown }
}

/** Neither an operator's name nor a program's has an ampersand in it; a node's may. */
function programOf({ name }: TraceEvent): Program {
  const cut = name.lastIndexOf('&')
  return { label: name.slice(0, cut), program: name.slice(cut + 1) }
}

/** A node without a name is called after its operator and index in the profile, where programs have no name of it. */
function labelsOf(executions: readonly Execution[], known: ReadonlySet<string>): readonly string[] {
  return executions.map(({ name, op, nodeIndex }) => {
    const label = `${name}&${op}`
    return !known.has(label) && name === `${op}_${nodeIndex}` ? `&${op}` : label
  })
}

/** Programs in a row with the same label. */
function blocksOf(programs: readonly Program[]): Program[][] {
  const blocks: Program[][] = []
  for (const program of programs) {
    const last = blocks.at(-1)
    if (last?.[0]?.label === program.label) last.push(program)
    else blocks.push([program])
  }
  return blocks
}

/** Executions with a block's label: from a place on up to the first that launches what comes after the block. */
function candidates(
  labels: readonly string[],
  block: readonly Program[],
  next: string | undefined,
  from: number,
): number[] {
  const label = block[0]?.label ?? ''
  const after = labels.indexOf(label, from)
  // a name tells even where the order does not
  const first = after < 0 && !label.startsWith('&') ? labels.indexOf(label) : after
  if (first < 0) return []
  const end = next === undefined ? -1 : labels.indexOf(next, first + 1)
  const between = labels.slice(first, end < 0 ? undefined : end)
  return between.flatMap((found, index) => (found === label ? [first + index] : []))
}

/** By program of a block, its kernel; null where that cannot be told. */
function deal(block: readonly Program[], kernels: readonly string[]): (string | undefined)[] | null {
  if (new Set(kernels).size < 2) return block.map(() => kernels[0])
  if (block.length % kernels.length === 0) {
    const each = block.length / kernels.length
    return block.map((_, index) => kernels[Math.floor(index / each)])
  }
  let kernel = -1
  const cut = block.map(({ program }) => {
    if (program === block[0]?.program) kernel += 1
    return kernels[kernel]
  })
  return kernel + 1 === kernels.length ? cut : null
}
