import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Wall time of one whole process, in milliseconds. */
export function processMs(args: readonly string[]): number {
  const start = process.hrtime.bigint()
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  const ms = Number(process.hrtime.bigint() - start) / 1e6
  if (status !== 0) throw new Error(`node ${args.join(' ')} left with ${status}: ${stderr}`)
  return ms
}

/**
 * Median of the ratios a / b over interleaved pairs, with its 95 % interval by order statistics.
 */
export async function interleavedRatio(
  pairs: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ ratio: number; lower: number; upper: number; a: number; b: number }> {
  const all = await interleavedPairs(pairs, a, b)
  const ratios = all.map((pair) => pair.a / pair.b).sort((x, y) => x - y)
  // the normal approximation of the sign test's rank
  const rank = Math.max(0, Math.floor(pairs / 2 - 0.98 * Math.sqrt(pairs)))
  return {
    ratio: median(ratios),
    lower: ratios[rank] as number,
    upper: ratios[pairs - 1 - rank] as number,
    a: median(all.map((pair) => pair.a)),
    b: median(all.map((pair) => pair.b)),
  }
}

/** Results of two ways by turns, taken as A B B A so that neither is always second. */
export async function interleavedPairs<A, B>(
  pairs: number,
  a: () => Promise<A>,
  b: () => Promise<B>,
): Promise<{ a: A; b: B }[]> {
  const all: { a: A; b: B }[] = []
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) all.push({ a: await a(), b: await b() })
    else {
      const second = await b()
      all.push({ a: await a(), b: second })
    }
  }
  return all
}

/** A list in an order that does not follow its own, the same each time: what drifts meets no kind of item alone. */
export function interleavedOrder<T>(items: readonly T[]): T[] {
  const stride = [7, 11, 13, 17].find((prime) => items.length % prime !== 0) ?? 1
  return items.map((_, index) => items[(index * stride) % items.length] as T)
}
