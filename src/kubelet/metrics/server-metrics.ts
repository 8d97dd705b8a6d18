import type { Clock } from '#base'
import { counter, gauge, times } from './families.ts'

const labels = ['method', 'path', 'server_type', 'long_running']
const methods: ReadonlySet<string> = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])
/** What requests are told apart by; all others are `other`. */
const paths: ReadonlySet<string> = new Set(
  (
    'attach checkpoint configz containerLogs debug exec flagz healthz logs metrics metrics/cadvisor metrics/probes ' +
    'metrics/resource pods portForward pprof run runningpods stats statusz'
  ).split(' '),
)
const longRunning: ReadonlySet<string> = new Set(['attach', 'debug', 'exec'])

/** Requests to the agent's own server. */
export class ServerMetrics {
  readonly #clock: Clock
  readonly #requests = counter('http_requests_total', 'Number of the http requests received since the server started', [
    ...labels,
  ])
  readonly #inFlight = gauge('http_inflight_requests', 'Number of the inflight http requests', labels)
  readonly #durations = times(
    'http_requests_duration_seconds',
    'Duration in seconds to serve http requests',
    undefined,
    labels,
  )

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A request begins. @returns is called when it has ended. */
  begun(method: string, path: string, server: 'readwrite' | 'readonly'): () => void {
    const began = this.#clock.monotonic()
    const place = placeOf(path)
    const values = [methods.has(method) ? method : 'other', place, server, longRunning.has(place) ? 'true' : 'false']
    this.#requests.add(1, ...values)
    this.#inFlight.add(1, ...values)
    return () => {
      this.#inFlight.add(-1, ...values)
      this.#durations.observe((this.#clock.monotonic() - began) / 1000, ...values)
    }
  }

  text(): string {
    return [this.#inFlight, this.#durations, this.#requests].map((family) => family.text()).join('')
  }
}

/** The first part of a path, and the first two of metrics. */
function placeOf(path: string): string {
  const [first = '', second] = path.slice(1).split('/')
  const place = first === 'metrics' && second !== undefined ? `${first}/${second}` : first
  return paths.has(place) ? place : 'other'
}
