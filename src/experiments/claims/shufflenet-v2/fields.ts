export const normal = 'shufflenet-v2'
export const wide = 'shufflenet-v2:receptive-field=wide'
