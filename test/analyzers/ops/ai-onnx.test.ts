import { describe, expect, it } from 'vitest'
import { operatorsWithRule, ruleOf } from '../../../src/analyzers/ops/index.js'
import { onnxruntime } from '../../../src/runtime/ort.js'
import { modelBytes, value } from '../../onnx/files.js'
import { added, controlFlow, deprecated, experimental, newestOpset, operators, withoutKernel } from './ai-onnx.js'

/** What onnxruntime says of a model of one node with one input and one output; null where it takes it. */
async function complaint(op: string, opset: number): Promise<string | null> {
  const graph = {
    node: [{ opType: op, input: ['x'], output: ['y'] }],
    input: [value('x', [2])],
    output: [{ name: 'y' }],
  }
  try {
    const session = await onnxruntime().InferenceSession.create(modelBytes(graph, { opset }), { logSeverityLevel: 4 })
    await session.release()
    return null
  } catch (error) {
    return String(error)
  }
}

const isUnknown = (message: string | null): boolean =>
  message !== null && /No Op registered|not a registered function/.test(message)

/** The operators among `ops` that onnxruntime does not know at `opset`. */
async function unknown(ops: readonly string[], opset: number): Promise<string[]> {
  const found: string[] = []
  for (const op of ops) if (isUnknown(await complaint(op, opset))) found.push(op)
  return found
}

describe('operators of ai.onnx', () => {
  it.each([...operators, ...deprecated, ...experimental, ...added])('%s', (op) => {
    if (controlFlow.includes(op)) expect(ruleOf('', op)).toBeUndefined()
    else expect(ruleOf('', op)?.formula).toMatch(/\w/)
  })

  it('are all that have a rule, but for those that onnxruntime inserts', () => {
    const inserted = ['MemcpyFromHost', 'MemcpyToHost']
    const known = new Set([...operators, ...deprecated, ...experimental, ...added, ...inserted])
    const others = operatorsWithRule().filter((op) => op.startsWith(':') && !known.has(op.slice(1)))
    expect(others).toEqual([])
  })
})

describe('onnxruntime', () => {
  it(`supports no opset after ${newestOpset}`, async () => {
    expect(await complaint('Relu', newestOpset)).toBeNull()
    expect(await complaint('Relu', newestOpset + 1)).toContain(`till opset ${newestOpset}`)
  })

  it('knows every operator, and would say so if it did not', { timeout: 60_000 }, async () => {
    expect(await unknown(['Odd', ...operators, ...added], newestOpset)).toEqual(['Odd'])
    expect(await unknown([...deprecated, ...experimental, ...withoutKernel], 9)).toEqual([])
  })

  it.each(deprecated)('takes %s for deprecated', async (op) => {
    expect(await complaint(op, newestOpset)).toContain('is deprecated')
  })

  it.each(withoutKernel)('cannot run %s', async (op) => {
    expect(await complaint(op, 9)).toContain('Could not find an implementation')
  })
})
