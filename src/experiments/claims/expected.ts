/** What is accepted for a figure of a claim, decided before anything is counted or measured. */
export interface Expected {
  /** Null where the paper has words and no figure. */
  readonly published: number | null
  readonly lower: number
  readonly upper: number
  readonly margin: string
}

/** Floating point leaves quotients of whole numbers a hair off. */
const hair = 1e-9

export const exactly = (published: number): Expected => ({
  published,
  lower: published - Math.abs(published) * hair,
  upper: published + Math.abs(published) * hair,
  margin: 'exact',
})

/** A figure as printed, `94.86`: whatever rounds to these digits. */
export function printed(digits: string): Expected {
  const published = Number(digits)
  const half = 0.5 * 10 ** -(digits.split('.')[1]?.length ?? 0)
  const slack = Math.abs(published) * hair
  return {
    published,
    lower: published - half - slack,
    upper: published + half + slack,
    margin: 'rounds to the printed digits',
  }
}

const within =
  (share: number, why: string) =>
  (published: number): Expected => ({
    published,
    lower: published * (1 - share),
    upper: published * (1 + share),
    margin: `within ${share * 100} %: ${why}`,
  })

/** A ratio of rounded figures, or one that is called about so much. */
export const about = within(0.1, 'the paper rounds')

/** A factor in words, as "by roughly its square" or "a twentieth". */
export const roughly = within(0.25, 'a factor in words')

/** A ratio of times. */
export const elsewhere = within(0.25, 'another machine and another library')

/** A law that leaves a small part of the network out. */
export const nearly = within(0.01, 'the classifier does not follow the law')

export const between = (lower: number, upper: number, why: string, published: number | null = null): Expected => ({
  published,
  lower,
  upper,
  margin: why,
})

export const atLeast = (lower: number, why: string, published: number | null = null): Expected =>
  between(lower, Number.POSITIVE_INFINITY, why, published)

export const atMost = (upper: number, why: string, published: number | null = null): Expected =>
  between(Number.NEGATIVE_INFINITY, upper, why, published)
