import { type Evidence, sum } from '../evidence.js'

/** Percent of MobileNet's MACs that the layers of some name have. */
export const shareOfMacs =
  (name: RegExp) =>
  ({ layers, macs }: Evidence): number =>
    (100 * sum(layers('mobilenet-v1', name), 'macs')) / macs('mobilenet-v1')
