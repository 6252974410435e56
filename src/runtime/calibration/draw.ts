import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Small seeds set few bits, and resemble each other until these have spread. */
const poorDraws = 64

/** Choices from a seed: the same on every machine. */
export class Draw {
  readonly #random: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#random = xoroshiro128plus(seed)
    for (let draw = 0; draw < poorDraws; draw++) this.#random.next()
  }

  /** From 0 up to 1. */
  share(): number {
    return (this.#random.next() + 2 ** 31) / 2 ** 32
  }

  /** Of another draw. */
  seed(): number {
    return Math.floor(this.share() * 2 ** 31)
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.share() * choices.length)] as T
  }

  /** Evenly over the logarithm. */
  between(low: number, high: number): number {
    return high <= low ? low : low * (high / low) ** this.share()
  }

  /** Channels: mostly whole vector blocks, as widths are, sometimes not. */
  channels(low: number, high: number): number {
    const step = this.of([16, 16, 16, 16, 8, 8, 4, 2])
    return Math.max(step, Math.round(this.between(low, high) / step) * step)
  }
}
