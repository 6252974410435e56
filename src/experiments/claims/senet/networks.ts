/** As the authors measured it: stride in the first 1 x 1. */
export const plain = 'resnet-50:version=1'

/** Without biases, as in the ablations of section 6. */
export const squeezed = (reduction = 16) => `se-resnet-50:reduction=${reduction},bias=false`

/** Of Table 10. */
export const reductions = [2, 4, 8, 16, 32] as const
