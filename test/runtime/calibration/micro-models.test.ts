import { describe, expect, it } from 'vitest'
import { noBinding } from '../../../src/onnx/bind.js'
import { kernelsToRun, optimizedGraph } from '../../../src/pipeline/optimized.js'
import { typed } from '../../../src/pipeline/typed.js'
import { additionChain, convolution, matMul, tinyChain } from '../../../src/runtime/calibration/micro-models.js'
import type { Model, SessionSettings } from '../../../src/types.js'

const settings: SessionSettings = { provider: 'cpu', threads: 1, optimization: 'all' }

/** How many kernels of some operators onnxruntime runs for a model. */
async function kernelsOf(model: Model, ops: RegExp): Promise<number> {
  const optimized = await optimizedGraph(await typed(model, noBinding), 0, settings)
  return kernelsToRun(optimized, settings).filter(({ op }) => ops.test(op)).length
}

describe('micro-models', () => {
  it.each([1, 10])('have %i kernels in a row where so many are asked for', async (kernels) => {
    expect(await kernelsOf(matMul(16, 'float32', kernels), /MatMul/)).toBe(kernels)
    expect(await kernelsOf(matMul(16, 'float16', kernels), /MatMul/)).toBe(kernels)
    expect(await kernelsOf(convolution(16, 8, 3, 'float32', kernels), /Conv/)).toBe(kernels)
    expect(await kernelsOf(tinyChain(kernels), /Neg/)).toBe(kernels)
  })

  it('add up in chains that onnxruntime does not shorten, over arrays that together take the working set', async () => {
    for (const [length, bytes] of [
      [4, 12e3],
      [400, 192],
    ] as const) {
      const model = additionChain(bytes, length)
      expect(await kernelsOf(model, /Add/)).toBe(length)
      // three arrays of four bytes an element
      expect(model.inputs[0]?.type?.dims).toEqual([bytes / 12])
    }
  })
})
