import { noBinding } from '../onnx/bind.js'
import type { JobModel } from '../runtime/job.js'
import { joined, type LaunchPlan, sampleLaunches } from '../runtime/launches.js'
import type { Graph, InterleavedMeasurement, Model, SessionSettings } from '../types.js'
import { feedTypes, runnable } from './profile.js'
import { withFile } from './with-file.js'

/** A model to measure among others, by a label of its own. */
export interface Labelled {
  readonly label: string
  readonly model: Model
}

export interface InterleavePlan extends LaunchPlan {
  /** Of built models' weights; 0 by default. */
  readonly seed?: number
}

/**
 * Measures models whose sizes are all fixed by turns, in the same processes: what slows one slows all, and their ratios hold
 * where no single time does.
 *
 * @throws FlopgapError as `profileModel`
 */
export async function interleaveModels(
  models: readonly Labelled[],
  settings: SessionSettings,
  { seed = 0, ...plan }: InterleavePlan,
): Promise<InterleavedMeasurement> {
  const graphs: Graph[] = []
  for (const { model } of models) graphs.push(await runnable(model, noBinding, settings.provider))
  const sampled = await withFiles(graphs, seed, (files) => sampleLaunches(files, settings, plan))
  return {
    settings,
    models: models.map(({ label }, index) => ({ label, ...joined(sampled[index] ?? []) })),
  }
}

/** Files of all graphs, each for as long as they are used. */
async function withFiles<T>(
  [graph, ...others]: readonly Graph[],
  seed: number,
  use: (files: readonly JobModel[]) => Promise<T>,
  files: readonly JobModel[] = [],
): Promise<T> {
  if (graph === undefined) return use(files)
  return withFile(graph, seed, (file) =>
    withFiles(others, seed, use, [...files, { ...file, inputs: feedTypes(graph) }]),
  )
}
