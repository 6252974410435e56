import type { ConvolutionKernels, ExecutedKernel } from '../../types.js'

/** Kernels of convolutions by layout, among those of a network that onnxruntime optimised for the CPU. */
export function convolutionKernels(kernels: readonly Pick<ExecutedKernel, 'op' | 'domain'>[]): ConvolutionKernels {
  // FusedConv has its activation, or what is added, in it
  const convolutions = kernels.filter(({ op }) => op === 'Conv' || op === 'FusedConv')
  return {
    convolutions: convolutions.length,
    blocked: convolutions.filter(({ domain }) => domain === 'com.microsoft.nchwc').length,
    reorders: kernels.filter(({ op }) => op === 'ReorderInput' || op === 'ReorderOutput').length,
  }
}
