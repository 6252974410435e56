/** The papers whose claims are checked, in the order in which reports show them. */
export interface Paper {
  readonly name: string
  readonly source: string
}

export const mobilenetV1 = { name: 'MobileNet', source: 'arXiv 1704.04861' } as const
export const xception = { name: 'Xception', source: 'arXiv 1610.02357' } as const
export const senet = { name: 'SENet', source: 'arXiv 1709.01507' } as const
export const shufflenetV1 = { name: 'ShuffleNet', source: 'arXiv 1707.01083' } as const
export const condensenet = { name: 'CondenseNet', source: 'arXiv 1711.09224' } as const
export const mobilenetV2 = { name: 'MobileNetV2', source: 'arXiv 1801.04381' } as const
export const shufflenetV2 = { name: 'ShuffleNet V2', source: 'arXiv 1807.11164' } as const
