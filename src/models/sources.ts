/** Sources that several architectures' figures stand in. */
export const torchvision = 'pytorch/vision, weights metadata (IMAGENET1K_V1)'
export const senet = (table: string): string => `SENet, arXiv 1709.01507, ${table}`
export const mobilenets = (table: string): string => `MobileNets, arXiv 1704.04861, ${table}`
export const mobilenetV2Paper = (table: string): string => `MobileNetV2, arXiv 1801.04381, ${table}`
