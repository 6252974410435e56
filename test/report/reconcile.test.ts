import { expect, test } from 'vitest'
import { conventions } from '../../src/analyzers/conventions/index.js'
import { countBy, reconcile } from '../../src/analyzers/conventions/reconcile.js'
import { build } from '../../src/models/spec.js'
import { noBinding } from '../../src/onnx/bind.js'
import { conventionsTexts } from '../../src/report/conventions.js'
import { plain } from '../../src/report/page.js'
import { reconcileText } from '../../src/report/reconcile.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type { DetailedAnalysis } from '../../src/types.js'

const published = { macs: '300 M', source: 'Sandler et al., CVPR 2018, Table 4, and many words more', note: null }

test.each(['mobilenet-v2', 'se-resnet-50', 'condensenet-74'])('%s fits a page of 60 columns', async (spec) => {
  const graph = await inferShapes(build(spec), noBinding)
  const page = { width: 60, paint: plain }
  const texts = [
    reconcileText(reconcile(graph), published, page, { all: true }),
    ...conventions.flatMap((convention) =>
      conventionsTexts({ convention: countBy(graph, convention) } as unknown as DetailedAnalysis, page, true),
    ),
  ]
  for (const line of texts.join('\n').split('\n')) expect(line.length, line).toBeLessThanOrEqual(60)
})

test('names of operators from a file are made harmless', async () => {
  const graph = await inferShapes(build('mobilenet-v2'), noBinding)
  const [first] = reconcile(graph)
  if (first === undefined) expect.fail()
  const op = 'Bad\u001b[2J'
  const byReason = [{ reason: 'activation', op, amount: 1, nodes: 1 }]
  const text = reconcileText(
    [{ ...first, byReason, assumed: [op] }],
    null,
    { width: 100, paint: plain },
    { all: false },
  )
  expect(text).not.toContain('\u001b')
  expect(text.match(/Bad\\u\{1b\}\[2J/g)).toHaveLength(2)
})
