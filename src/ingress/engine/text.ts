import { mirrorProgramFile, serverName } from '#ingress'
import type { AdjoinedFile, EngineConfiguration, Line } from '#ingress'
import type { ServerWords } from './servers.ts'

export interface GlobalOptions {
  /** Where it takes commands. */
  readonly socket: string
  /** User it becomes once it listens; it stays who it is when absent. */
  readonly user?: string
  /** Seconds that requests have to end in when another process takes over. */
  readonly graceSeconds: number
  readonly threads: number
  readonly wordsOf: ServerWords
}

/**
 * Threads for a machine of so many cores: half of them, since what it passes requests on to wants the others. On two cores
 * one thread passes on half as many again as two, at half the processor time of each request.
 */
export const threadsOf = (cores: number): number => Math.max(1, Math.floor(cores / 2))

/** The whole file, line by line. */
export function configurationLines(configuration: EngineConfiguration, options: GlobalOptions): Line[] {
  const { socket, user, graceSeconds, threads, wordsOf } = options
  const global = [
    'global',
    `nbthread ${threads}`,
    'default-path config',
    `stats socket ${socket} mode 600 level admin expose-fd listeners`,
    'stats timeout 10m',
    'expose-experimental-directives',
    'noreuseport',
    `hard-stop-after ${graceSeconds}s`,
    'ssl-default-bind-options ssl-min-ver TLSv1.2',
    'tune.ssl.default-dh-param 2048',
    ...(user === undefined ? [] : [`user ${user}`, `group ${user}`]),
  ]
  const { front, backends, servers, files } = configuration
  const mirror = files.get(mirrorProgramFile)
  return [
    ...global.map((text): Line => ({ text })),
    ...(mirror ? [{ ...ownerOf(mirror), text: `lua-load-per-thread ${mirrorProgramFile}` }] : []),
    ...front,
    ...backends.flatMap((backend): Line[] => [
      { text: `backend ${backend.name}` },
      ...backend.lines,
      ...(servers.get(backend.name) ?? []).map((endpoint) => ({
        text: `server ${serverName(endpoint)} ${wordsOf(backend, endpoint)}`,
      })),
    ]),
  ]
}

const ownerOf = ({ owner }: AdjoinedFile): Pick<Line, 'owner'> => (owner === undefined ? {} : { owner })

/** Whether all is the same but the servers. */
export function sameStructure(a: EngineConfiguration, b: EngineConfiguration): boolean {
  return (
    sameLines(a.front, b.front) &&
    a.backends.length === b.backends.length &&
    a.backends.every((backend, index) => {
      const other = b.backends[index]
      return (
        other !== undefined &&
        backend.name === other.name &&
        backend.serverOptions === other.serverOptions &&
        backend.pool?.port === other.pool?.port &&
        JSON.stringify(backend.identity) === JSON.stringify(other.identity) &&
        sameLines(backend.lines, other.lines)
      )
    }) &&
    a.files.size === b.files.size &&
    [...a.files].every(([name, { content }]) => b.files.get(name)?.content === content)
  )
}

const sameLines = (a: readonly Line[], b: readonly Line[]): boolean =>
  a === b || (a.length === b.length && a.every(({ text }, index) => text === b[index]?.text))

/** What HAProxy complains of when it does not start. */
export interface Complaints {
  readonly refused: ReadonlyMap<string, string>
  readonly closedPorts: ReadonlyMap<number, string>
}

export function complaintsIn(output: string, lines: readonly Line[], configuration: EngineConfiguration): Complaints {
  const refused = new Map<string, string>()
  const closedPorts = new Map<number, string>()
  for (const text of output.split('\n')) {
    const [, frontend, reason] = /frontend p(\d+): (cannot bind .*)/.exec(text) ?? []
    if (frontend !== undefined) {
      closedPorts.set(Number(frontend), reason ?? '')
      continue
    }
    const line = lines[Number(/haproxy\.cfg:(\d+)\]/.exec(text)?.[1]) - 1]
    const file = [...configuration.files].find(([name, { owner }]) => owner !== undefined && text.includes(`/${name}'`))
    const owner = line?.owner ?? file?.[1].owner
    if (owner !== undefined) refused.set(owner, text.replace(/^.*?haproxy\.cfg:\d+\] : /, '').trim())
  }
  return { refused, closedPorts }
}
