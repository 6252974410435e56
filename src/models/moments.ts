/** What the elements of a tensor are expected to be like. */
export interface Moments {
  /** Mean square, which sets the next BatchNorm's variance. */
  readonly power: number
  /** Mean, never negative: what a ReLU clips depends on it. */
  readonly mean: number
}

/**
 * Moments of max(x, slope · x) for a normal x. With m its mean and v its variance, E|x| ≈ √(m² + 2v/π) and
 * E[x·|x|] ≈ (m² + v)·m / √(m² + πv/8): exact for m = 0 and for m ≫ √v, within 10 % between.
 */
export function rectified({ power, mean }: Moments, slope = 0): Moments {
  const variance = Math.max(0, power - mean ** 2)
  const size = Math.sqrt(mean ** 2 + (2 / Math.PI) * variance)
  const skew = power === 0 ? 0 : (power * mean) / Math.sqrt(mean ** 2 + (Math.PI / 8) * variance)
  return {
    power: ((1 + slope ** 2) * power + (1 - slope ** 2) * skew) / 2,
    mean: ((1 + slope) * mean + (1 - slope) * size) / 2,
  }
}

/** A mean over pixels keeps their mean and, as they resemble each other, half their variance. */
export const averaged = ({ power, mean }: Moments): Moments => ({ power: (power + mean ** 2) / 2, mean })

/**
 * The largest of `count` neighbours: their variance stays, their mean square grows by about 1 + ½ log₂ count. (Of four
 * and nine independent rectified normals it would be 3.1 and 5.1 times as large, of equal ones the same.)
 */
export function maximum({ power, mean }: Moments, count: number): Moments {
  const largest = power * (1 + Math.log2(count) / 2)
  return { power: largest, mean: Math.sqrt(largest - power + mean ** 2) }
}
