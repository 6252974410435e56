/** One of several parts of a work, counted from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** The items of a shard: every `count`-th, so that neighbours, which cost alike, are spread. */
export const shardOf = <T>(items: readonly T[], { index, count }: Shard): T[] =>
  items.filter((_, position) => position % count === index - 1)
