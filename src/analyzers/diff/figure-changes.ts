import type { Analysis, FigureChange, LayerCost, LayerDiff, LayerFigure, ModelDiff, OpDiff } from '../../types.js'

export const layerFigures = [
  'macs',
  'flops',
  'params',
  'buffers',
  'paramBytes',
  'readBytes',
  'writeBytes',
] as const satisfies readonly LayerFigure[]

/** A figure of both sides, and how far apart they are. */
function figureChange(before: number | null, after: number | null): FigureChange {
  const change = before === null || after === null ? null : after - before
  return { before, after, change, relative: change === null || !before ? null : change / before }
}

/** The types that are multiplied are no figure, and not compared. */
export function totalsChange(before: Analysis, after: Analysis): ModelDiff['totals'] {
  const [a, b] = [before.totals, after.totals]
  return {
    macs: figureChange(a.macs, b.macs),
    flops: figureChange(a.flops, b.flops),
    params: figureChange(a.params, b.params),
    buffers: figureChange(a.buffers, b.buffers),
    paramBytes: figureChange(a.paramBytes, b.paramBytes),
    readBytes: figureChange(a.readBytes, b.readBytes),
    writeBytes: figureChange(a.writeBytes, b.writeBytes),
    peakActivationBytes: figureChange(a.peakActivationBytes, b.peakActivationBytes),
    arithmeticIntensity: figureChange(a.arithmeticIntensity, b.arithmeticIntensity),
    nodes: figureChange(before.coverage.nodes, after.coverage.nodes),
  }
}

const noNode = { count: 0, macs: 0, flops: 0, params: 0, readBytes: 0, writeBytes: 0 }

/** Operators of either model, those whose FLOPs change most first; an operator that a model lacks costs it nothing. */
export function opChanges(before: Analysis, after: Analysis): OpDiff[] {
  const byName = ({ byOp }: Analysis) => new Map(byOp.map((totals) => [totals.op, totals]))
  const [a, b] = [byName(before), byName(after)]
  const changes = [...new Set([...a.keys(), ...b.keys()])].map((op): OpDiff => {
    const [x, y] = [a.get(op) ?? noNode, b.get(op) ?? noNode]
    return {
      op,
      nodes: figureChange(x.count, y.count),
      macs: figureChange(x.macs, y.macs),
      flops: figureChange(x.flops, y.flops),
      params: figureChange(x.params, y.params),
      readBytes: figureChange(x.readBytes, y.readBytes),
      writeBytes: figureChange(x.writeBytes, y.writeBytes),
    }
  })
  const size = ({ flops }: OpDiff) => Math.abs(flops.change ?? 0)
  return changes.sort((x, y) => size(y) - size(x) || (x.op < y.op ? -1 : 1))
}

/** What a layer adds to the change of each total. */
export function layerChange(before: LayerCost | null, after: LayerCost | null): LayerDiff['change'] {
  const change = (figure: LayerFigure) =>
    figureChange(before === null ? 0 : before[figure], after === null ? 0 : after[figure]).change
  return {
    macs: change('macs'),
    flops: change('flops'),
    params: change('params'),
    buffers: change('buffers'),
    paramBytes: change('paramBytes'),
    readBytes: change('readBytes'),
    writeBytes: change('writeBytes'),
  }
}
