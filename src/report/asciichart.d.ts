declare module 'asciichart' {
  /** One line, or several in one chart, as text of `height` + 1 lines. */
  export function plot(
    series: readonly number[] | readonly (readonly number[])[],
    config?: { height?: number; format?: (value: number) => string },
  ): string
}
