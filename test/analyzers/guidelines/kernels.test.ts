import { expect, it } from 'vitest'
import { convolutionKernels } from '../../../src/analyzers/guidelines/kernels.js'

const blocked = 'com.microsoft.nchwc'

it('counts convolutions by layout, fused ones too, and what changes the layout', () => {
  const kernels = [
    { op: 'ReorderInput', domain: blocked },
    { op: 'Conv', domain: blocked },
    { op: 'ReorderOutput', domain: blocked },
    { op: 'Conv', domain: '' },
    { op: 'FusedConv', domain: 'com.microsoft' },
    { op: 'Add', domain: '' },
    { op: 'GlobalAveragePool', domain: blocked },
  ]
  expect(convolutionKernels(kernels)).toEqual({ convolutions: 3, blocked: 1, reorders: 2 })
})
