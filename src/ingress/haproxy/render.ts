import type { RoutingModel, PoolReference } from '../model/routing.ts'
import type { Endpoint } from '../services/services.ts'
import { Backends } from './backends.ts'
import type { AdjoinedFile, BackendSection, EngineConfiguration, Line } from './configuration.ts'
import { frontend } from './frontend.ts'
import { mirrorFrontend, mirrorProgramFile } from './mirror.ts'

export interface RenderOptions {
  /** Addresses to listen at, as HAProxy writes them: `*`, `[::]`, `127.0.0.1`. */
  readonly addresses: readonly string[]
  /** Ports to listen at in place of those that the model has. */
  readonly ports?: ReadonlyMap<number, number>
}

/** Everything but the servers, which change more often. */
export type Structure = Omit<EngineConfiguration, 'servers'>

const usualTimeout = 60_000

const defaults = [
  'defaults',
  'mode http',
  'option idle-close-on-response',
  'option redispatch 1',
  'retries 3',
  'retry-on conn-failure empty-response',
  'timeout connect 5s',
  'timeout http-request 60s',
  'timeout http-keep-alive 75s',
  'timeout client-fin 30s',
  `timeout server ${usualTimeout}ms`,
  'timeout tunnel 1h',
  'balance roundrobin',
]

/** What HAProxy has to be told for a model to hold. */
export function renderStructure(model: RoutingModel, { addresses, ports = new Map() }: RenderOptions): Structure {
  const files = new Map<string, AdjoinedFile>()
  const backends = new Backends(files)
  const portOf = (port: number): number => ports.get(port) ?? port
  const fronts = model.listeners.flatMap((listener) =>
    frontend(listener, {
      backends,
      files,
      addresses,
      port: portOf(listener.port),
      clientTimeout: longestTimeout(model),
    }),
  )
  const none: BackendSection = {
    name: 'none',
    lines: [{ text: "http-request return status 404 content-type text/plain string 'no route matches'" }],
    serverOptions: '',
  }
  return {
    front: [
      ...defaults.map((text): Line => ({ text })),
      ...fronts,
      ...(files.has(mirrorProgramFile) ? mirrorFrontend : []),
    ],
    backends: [none, ...backends.sections],
    files,
    ports: new Map(model.listeners.map(({ port }) => [portOf(port), port])),
  }
}

/** @param endpoints of a port of a Service. */
export function withServers(
  structure: Structure,
  endpoints: (pool: PoolReference) => readonly Endpoint[],
): EngineConfiguration {
  const servers = structure.backends.flatMap(({ name, pool }): [string, readonly Endpoint[]][] =>
    pool ? [[name, endpoints(pool)]] : [],
  )
  return { ...structure, servers: new Map(servers) }
}

/** A client may be silent for as long as a backend: both are of one connection where messages go both ways. */
function longestTimeout({ listeners }: RoutingModel): number {
  let longest = usualTimeout
  for (const { hosts } of listeners) {
    for (const { rules } of hosts) {
      for (const { action } of rules) {
        if (action.type !== 'forward') continue
        for (const { limits } of action.targets) longest = Math.max(longest, limits.responseTimeout ?? 0)
      }
    }
  }
  return longest
}
