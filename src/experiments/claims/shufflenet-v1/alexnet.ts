/** AlexNet with its two towers; at 224 pixels it has the 720 M of the mobile papers. */
export const alexnet = 'alexnet:variant=caffe,resolution=224'
export const half = 'shufflenet-v1:scale=0.5'
