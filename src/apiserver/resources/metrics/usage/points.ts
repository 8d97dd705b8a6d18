/** What something had used by a moment. */
export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Processor time since it started. */
  readonly cpuSeconds: number
  /** The working set. */
  readonly memoryBytes: number
  /** Milliseconds since 1970, where that is told. */
  readonly startedAt?: number
}

/** What a kubelet told of its node. */
export interface NodePoints {
  readonly node: Point | undefined
  /** Containers by name, by namespace and name of their pod as {@link podKey} writes them. */
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, Point>>
}

export const podKey = (namespace: string, name: string): string => `${namespace}/${name}`

type Measured = { -readonly [field in keyof Point]?: Point[field] }

/**
 * Reads `/metrics/resource` of a kubelet, in Prometheus' text format. What lacks processor time or memory is left out.
 *
 * @param now when it was read, for samples without a time of their own
 */
export function readPoints(text: string, now: number): NodePoints {
  const node: Measured = {}
  const pods = new Map<string, Map<string, Measured>>()
  for (const line of text.split('\n')) {
    const sample = sampleOf(line)
    if (!sample) continue
    const { name, labels, value, at = now } = sample
    const [, subject, what] = /^(node|container)_(.+)$/.exec(name) ?? []
    if (subject === undefined || what === undefined) continue
    const measured = subject === 'node' ? node : containerIn(pods, labels)
    if (what === 'cpu_usage_seconds_total') Object.assign(measured, { cpuSeconds: value, at })
    else if (what === 'memory_working_set_bytes') measured.memoryBytes = value
    else if (what === 'start_time_seconds') measured.startedAt = value * 1000
  }
  return {
    node: isWhole(node) ? node : undefined,
    pods: new Map(
      [...pods].map(([key, containers]) => [
        key,
        new Map([...containers].filter((entry): entry is [string, Point] => isWhole(entry[1]))),
      ]),
    ),
  }
}

/** The moment comes with the processor time. */
function isWhole(measured: Measured): measured is Point {
  return measured.at !== undefined && measured.memoryBytes !== undefined
}

interface Sample {
  readonly name: string
  readonly labels: string
  readonly value: number
  readonly at?: number
}

const line = /^(\w+)(?:\{(.*)\})? (\S+)(?: (\d+))?$/

function sampleOf(text: string): Sample | undefined {
  const [, name, labels = '', value, at] = line.exec(text) ?? []
  if (name === undefined) return undefined
  return { name, labels, value: Number(value), ...(at === undefined ? {} : { at: Number(at) }) }
}

function containerIn(pods: Map<string, Map<string, Measured>>, labels: string): Measured {
  const key = podKey(labelOf(labels, 'namespace'), labelOf(labels, 'pod'))
  const name = labelOf(labels, 'container')
  const containers = pods.get(key) ?? new Map<string, Measured>()
  pods.set(key, containers)
  const measured = containers.get(name) ?? {}
  containers.set(name, measured)
  return measured
}

/** Names of objects hold nothing that is escaped. */
function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? ''
}
