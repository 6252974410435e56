/**
 * What a model runs by turns with where only a baseline is at hand: a network that flopgap builds, the same everywhere, of a
 * few milliseconds and of the operators that light-weight networks have.
 */
export const referenceNetwork = 'mobilenet-v2'
