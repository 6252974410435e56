/** CondenseNet-74 with as many groups as each of its filters condenses, G = C. */
export const four = 'condensenet-74'
export const eight = 'condensenet-74:groups=8'
