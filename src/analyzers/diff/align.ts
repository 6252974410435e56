import { diffArrays } from 'diff'

/** What a layer is recognised by. Equal texts are equal layers, by that measure. */
export interface LayerKeys {
  /** Name and operator. */
  readonly name: string
  /** All that can be said of the layer but its name and where its inputs come from. */
  readonly exact: string
  /** Operator and settings: the layer at any size. */
  readonly form: string
  /** Operator and class of kernel: a depthwise convolution is not a pointwise one. */
  readonly kind: string
  readonly op: string
}

/** Indices of a layer in both models. */
export interface Pair {
  readonly before: number
  readonly after: number
  /** Out of the order of the others. */
  readonly moved: boolean
}

/**
 * Which layers of one model are which of another, in the order of the second.
 *
 * Layers are aligned in the order of the files by one key after the other: what a key leaves open between two aligned
 * layers the next one aligns. Names say most where a person gave them and mislead where an exporter numbered the nodes;
 * exact layers say most where a model was edited and mislead where every size changed. So three orders of keys are
 * tried, and the alignment with the least difference is taken, in that order where two are even.
 *
 * The result does not depend on which of the two models is first.
 */
export function align(before: readonly LayerKeys[], after: readonly LayerKeys[]): Pair[] {
  if (!isInOrder(before, after)) return inOrderOf(align(after, before).map(swapped))
  let [ordered, least]: [Pair[], number] = [[], Number.POSITIVE_INFINITY]
  for (const keys of keyOrders) {
    const pairs = alignInOrder(before, after, keys)
    const cost = difference(before, after, pairs)
    if (cost < least) [ordered, least] = [pairs, cost]
    if (least === 0) break
  }
  return inOrderOf([...ordered, ...movedPairs(before, after, ordered)])
}

const keyOrders: readonly (readonly (keyof LayerKeys)[])[] = [
  ['name', 'exact', 'form', 'kind', 'op'],
  ['exact', 'form', 'kind', 'op'],
  ['op'],
]

/** A fixed order of any two models, so that aligning is symmetrical. */
function isInOrder(a: readonly LayerKeys[], b: readonly LayerKeys[]): boolean {
  if (a.length !== b.length) return a.length < b.length
  for (const key of ['exact', 'name'] as const) {
    const at = a.findIndex((layer, index) => layer[key] !== b[index]?.[key])
    if (at !== -1) return (a[at]?.[key] ?? '') < (b[at]?.[key] ?? '')
  }
  return true
}

const swapped = ({ before, after, moved }: Pair): Pair => ({ before: after, after: before, moved })
const inOrderOf = (pairs: readonly Pair[]): Pair[] => [...pairs].sort((a, b) => a.after - b.after)

function alignInOrder(
  before: readonly LayerKeys[],
  after: readonly LayerKeys[],
  keys: readonly (keyof LayerKeys)[],
): Pair[] {
  let pairs: Pair[] = []
  for (const key of keys) {
    const all: Pair[] = []
    let [fromBefore, fromAfter] = [0, 0]
    for (const next of [...pairs, { before: before.length, after: after.length, moved: false }]) {
      const tokens = (layers: readonly LayerKeys[], from: number, to: number) =>
        layers.slice(from, to).map((layer) => layer[key])
      const found = commonSubsequence(tokens(before, fromBefore, next.before), tokens(after, fromAfter, next.after))
      for (const [i, j] of found) all.push({ before: fromBefore + i, after: fromAfter + j, moved: false })
      if (next.before < before.length) all.push(next)
      fromBefore = next.before + 1
      fromAfter = next.after + 1
    }
    pairs = all
  }
  return pairs
}

/**
 * One for a layer on one side only, so two for a layer that was replaced; one for a layer at another size, two for one of
 * another form, which could as well be another layer, three for one of another kind, which likely is.
 */
function difference(before: readonly LayerKeys[], after: readonly LayerKeys[], pairs: readonly Pair[]): number {
  const single = before.length + after.length - 2 * pairs.length
  return pairs.reduce((cost, pair) => cost + distance(before[pair.before], after[pair.after]), single)
}

function distance(a: LayerKeys | undefined, b: LayerKeys | undefined): number {
  if (a?.exact === b?.exact) return 0
  if (a?.form === b?.form) return 1
  return a?.kind === b?.kind ? 2 : 3
}

/** Of the layers that are aligned with none, those that stand elsewhere as they were, if under another name. */
function movedPairs(before: readonly LayerKeys[], after: readonly LayerKeys[], pairs: readonly Pair[]): Pair[] {
  const left = unpaired(before.length, new Set(pairs.map((pair) => pair.before)))
  const right = unpaired(after.length, new Set(pairs.map((pair) => pair.after)))
  return identities.flatMap((identity) => {
    const found = sameElsewhere(before, after, left, right, identity)
    for (const pair of found) {
      left.delete(pair.before)
      right.delete(pair.after)
    }
    return found
  })
}

type Identity = (layer: LayerKeys | undefined) => string

const identities: readonly Identity[] = [(layer) => `${layer?.name} ${layer?.exact}`, (layer) => layer?.exact ?? '']

/** The first of one side with the first of the other, the second with the second. */
function sameElsewhere(
  before: readonly LayerKeys[],
  after: readonly LayerKeys[],
  left: ReadonlySet<number>,
  right: ReadonlySet<number>,
  identity: Identity,
): Pair[] {
  const open = new Map<string, number[]>()
  for (const index of [...left].reverse()) {
    const key = identity(before[index])
    const queue = open.get(key)
    if (queue === undefined) open.set(key, [index])
    else queue.push(index)
  }
  return [...right].flatMap((index) => {
    const from = open.get(identity(after[index]))?.pop()
    return from === undefined ? [] : [{ before: from, after: index, moved: true }]
  })
}

const unpaired = (count: number, paired: ReadonlySet<number>): Set<number> =>
  new Set(Array.from({ length: count }, (_, index) => index).filter((index) => !paired.has(index)))

type Indices = readonly [number, number]

/**
 * Places of a longest common subsequence.
 *
 * Its time grows with the length and the square of the edits: past `mostEdits` both sequences are cut into windows of the
 * same share of each, and the subsequence is longest only within each window.
 */
function commonSubsequence(before: readonly string[], after: readonly string[]): Indices[] {
  if (before.length === 0 || after.length === 0) return []
  // what one side lacks can be in no common subsequence
  const left = places(before, new Set(after))
  const right = places(after, new Set(before))
  const tokens = (sequence: readonly string[], at: readonly number[]) => at.map((index) => sequence[index] ?? '')
  const [a, b] = [tokens(before, left), tokens(after, right)]
  return (shared(a, b, mostEdits) ?? windowed(a, b)).map(([i, j]) => [left[i] ?? 0, right[j] ?? 0])
}

/** Two million steps at most: a tenth of a second. */
const mostEdits = 2000
const windowSize = 256

const places = (sequence: readonly string[], shared: ReadonlySet<string>): number[] =>
  sequence.flatMap((token, index) => (shared.has(token) ? [index] : []))

/** Null where it takes more than `maxEditLength` edits. */
function shared(a: readonly string[], b: readonly string[], maxEditLength: number): Indices[] | null {
  const runs = diffArrays([...a], [...b], { maxEditLength })
  if (runs === undefined) return null
  const pairs: Indices[] = []
  let [i, j] = [0, 0]
  for (const { count, added, removed } of runs) {
    if (!added && !removed) for (let k = 0; k < count; k++) pairs.push([i + k, j + k])
    if (!added) i += count
    if (!removed) j += count
  }
  return pairs
}

function windowed(a: readonly string[], b: readonly string[]): Indices[] {
  const windows = Math.ceil(Math.max(a.length, b.length) / windowSize)
  const cut = (length: number, index: number) => Math.floor((length * index) / windows)
  return Array.from({ length: windows }, (_, index) => {
    const [i, j] = [cut(a.length, index), cut(b.length, index)]
    const [x, y] = [a.slice(i, cut(a.length, index + 1)), b.slice(j, cut(b.length, index + 1))]
    return (shared(x, y, 2 * windowSize) ?? []).map(([p, q]): Indices => [i + p, j + q])
  }).flat()
}
