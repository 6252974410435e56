/** One event of an onnxruntime profile; times in microseconds since profiling began. */
export interface TraceEvent {
  readonly cat: string
  readonly name: string
  readonly ts: number
  readonly dur: number
  readonly args: {
    readonly op_name?: string
    readonly node_index?: string
    readonly provider?: string
    readonly input_type_shape?: readonly TypeShape[]
    readonly output_type_shape?: readonly TypeShape[]
  }
}

export type TypeShape = Readonly<Record<string, readonly number[]>>

/** onnxruntime writes names into the profile as they are: one with a quote or a line end breaks its JSON. */
export function parseEvents(json: string): readonly TraceEvent[] {
  const plain = () => JSON.parse(json) as readonly TraceEvent[]
  const spelledOut = () =>
    JSON.parse(json.replace(rawName, (_, before, name, after) => before + JSON.stringify(name) + after))
  // a name with a backslash may be read without complaint, as another one
  if (json.includes('\\')) return spelledOut()
  try {
    return plain()
  } catch {
    return spelledOut()
  }
}

/** A name between what always stands around it: of a session's event, of a GPU program, of a kernel. */
const rawName =
  /("ph" : "X","name" :)"([\w:]+|(?:(?!","args" : \{).)*&[^"&]*&[^"&]*(?=","args" : \{"(?:cache_key|shapes)")|.*?_kernel_time)"(,"args" : \{)/gs

/** What the names of kernels end with. */
export const suffix = '_kernel_time'
