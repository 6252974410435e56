/** How long kernels of one kind take: the sum over features of amount times cost. */
export interface KernelTimeModel {
  readonly kind: string
  /** Milliseconds for one of each feature; features that cost nothing are left out. */
  readonly costs: Readonly<Record<string, number>>
  /** Kernels that it was fitted to. */
  readonly kernels: number
  /** Half of them are predicted within this share of their time. */
  readonly medianError: number
}
