export const ssdlite = 'ssdlite-mobilenet-v2'
export const yolo = 'yolo-v2:dataset=coco,resolution=416'
