import { poolKey, serverName } from '#ingress'
import type { BackendSection, Endpoint, EngineConfiguration } from '#ingress'

/** Words that follow the name of a server of a backend: where it is reached, and how. */
export type ServerWords = (backend: BackendSection, endpoint: Endpoint) => string

/** Servers of a running process, and how they get to what they shall be. */
export class RunningServers {
  readonly #backends: readonly (BackendSection & { readonly key: string })[]
  readonly #wordsOf: ServerWords
  readonly #servers = new Map<string, Set<string>>()
  /** Those that get no more requests and go when their last one is answered. */
  readonly #leaving = new Map<string, Set<string>>()

  constructor({ backends, servers }: EngineConfiguration, wordsOf: ServerWords) {
    this.#wordsOf = wordsOf
    this.#backends = backends.flatMap((backend) => (backend.pool ? [{ ...backend, key: poolKey(backend.pool) }] : []))
    for (const [backend, endpoints] of servers) this.#servers.set(backend, new Set(endpoints.map(serverName)))
  }

  /** Commands that make it so. @param endpoints by the key of their pool; others stay as they are. */
  change(endpoints: ReadonlyMap<string, readonly Endpoint[]>): string[] {
    const commands: string[] = []
    for (const backend of this.#backends) {
      const { name, key } = backend
      const wanted = endpoints.get(key)
      if (!wanted) continue
      const present = setIn(this.#servers, name)
      const leaving = setIn(this.#leaving, name)
      const names = new Set(wanted.map(serverName))
      for (const endpoint of wanted) {
        const server = serverName(endpoint)
        if (present.has(server)) continue
        if (!leaving.delete(server)) {
          commands.push(`add server ${name}/${server} ${this.#wordsOf(backend, endpoint)}`)
        }
        commands.push(`set server ${name}/${server} state ready`)
        present.add(server)
      }
      for (const server of present) {
        if (names.has(server)) continue
        commands.push(`set server ${name}/${server} state maint`)
        present.delete(server)
        leaving.add(server)
      }
    }
    return commands
  }

  /** Servers that leave, as `backend/server`. */
  get leaving(): string[] {
    return [...this.#leaving].flatMap(([backend, servers]) => [...servers].map((server) => `${backend}/${server}`))
  }

  gone(server: string): void {
    const [backend = '', name = ''] = server.split('/')
    this.#leaving.get(backend)?.delete(name)
  }
}

function setIn(map: Map<string, Set<string>>, key: string): Set<string> {
  let set = map.get(key)
  if (!set) map.set(key, (set = new Set()))
  return set
}

/** Endpoints by the key of their pool. */
export function endpointsByPool({ backends, servers }: EngineConfiguration): Map<string, readonly Endpoint[]> {
  return new Map(
    backends.flatMap(({ name, pool }): [string, readonly Endpoint[]][] =>
      pool ? [[poolKey(pool), servers.get(name) ?? []]] : [],
    ),
  )
}
