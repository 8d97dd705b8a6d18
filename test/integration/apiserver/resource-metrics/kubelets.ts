import type { VirtualClock } from '#base'
import type { BackendTransport } from '#apiserver'

/** What a container is pretended to use: processors, and bytes. */
export interface Load {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly cores: number
  readonly bytes: number
}

/** Kubelets by the addresses of their nodes, which tell of loads that go on evenly. */
export class Kubelets {
  readonly loads = new Map<string, Load[]>()
  /** How often each was asked. */
  readonly asked: string[] = []
  clock: VirtualClock | undefined

  readonly backends: BackendTransport = async ({ backend, target }) => {
    this.asked.push(backend.host)
    const loads = this.loads.get(backend.host)
    if (!loads) throw new Error(`dial tcp ${backend.host}:${backend.port}: connect: connection refused`)
    const now = Math.floor(this.clock?.now() ?? 0)
    const lines = loads.flatMap(({ namespace, pod, container, startedAt, cores, bytes }) => {
      const labels = `{container="${container}",namespace="${namespace}",pod="${pod}"}`
      return [
        `container_cpu_usage_seconds_total${labels} ${(cores * (now - startedAt)) / 1000} ${now}`,
        `container_memory_working_set_bytes${labels} ${bytes} ${now}`,
        `container_start_time_seconds${labels} ${startedAt / 1000}`,
      ]
    })
    const node = [
      '# TYPE node_cpu_usage_seconds_total counter',
      `node_cpu_usage_seconds_total ${now / 2000} ${now}`,
      `node_memory_working_set_bytes ${3 * 2 ** 30} ${now}`,
    ]
    const text = target === '/metrics/resource' ? [...node, ...lines, ''].join('\n') : ''
    const body = (async function* () {
      yield new TextEncoder().encode(text)
    })()
    return { code: text === '' ? 404 : 200, headers: {}, body }
  }
}
