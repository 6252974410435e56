import { dataSetOf } from '../models/spec.js'
import { fingerprint } from '../runtime/environment.js'
import type { ComparedModel, GapReport } from '../types.js'

/** A report as that of a model in a comparison. */
export const compared = (report: GapReport, name: Pick<ComparedModel, 'label' | 'base' | 'varied'>): ComparedModel => ({
  ...report,
  ...name,
  fingerprint: fingerprint(report.environment),
  dataSet: report.model.spec === null ? null : dataSetOf(report.model.spec),
})
