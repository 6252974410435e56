import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Even deviates in (0, 1) from a seed. */
export function even(seed: number): () => number {
  const random = xoroshiro128plus(spread(seed))
  for (let draw = 0; draw < 64; draw++) random.next()
  return () => (random.next() + 2 ** 31 + 0.5) / 2 ** 32
}

/** Seeds that differ in a few bits give streams that resemble each other: these differ in half of theirs (MurmurHash3). */
function spread(seed: number): number {
  const once = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

/** Normal deviates from a seed. */
export function noise(seed: number): () => number {
  const next = even(seed)
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
}

/** Run times around 10 ms whose neighbours resemble each other: lag-1 autocorrelation `rho`, deviation 5 %. */
export function autocorrelated(seed: number, runs: number, rho: number): number[] {
  const next = noise(seed)
  let state = next()
  return Array.from({ length: runs }, () => {
    state = rho * state + Math.sqrt(1 - rho ** 2) * next()
    return 10 * Math.exp(0.05 * state)
  })
}

/** How often something is so, of seeds 0, 1, 2, …. */
export const share = (simulations: number, isSo: (seed: number) => boolean): number =>
  Array.from({ length: simulations }, (_, seed) => isSo(seed)).filter(Boolean).length / simulations

/** How far a share that should be `level` may stray in so many simulations: four of its standard deviations. */
export const strays = (level: number, simulations: number): number => 4 * Math.sqrt((level * (1 - level)) / simulations)
