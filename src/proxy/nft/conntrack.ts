import type { IPFamily } from '#machinery'
import { runCommand } from '#network'
import type { ServicePortRules } from '#proxy'

/** One flow of the kernel's connection table. Ports are 0 where the protocol has none. */
export interface TrackedFlow {
  /** `tcp`, `udp`, `icmp`, ... */
  readonly protocol: string
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
  /** Who answers: the destination behind redirections. */
  readonly replySource: string
  readonly replySourcePort: number
}

/** Reads the lines of `conntrack -L`. The first of each of `src=`, `dst=`, ... is the original direction, the second the reply. */
export function parseFlows(text: string): readonly TrackedFlow[] {
  const flows: TrackedFlow[] = []
  for (const line of text.split('\n')) {
    const found: { [key: string]: string[] } = { src: [], dst: [], sport: [], dport: [] }
    for (const [, key = '', value = ''] of line.matchAll(/\b(src|dst|sport|dport)=(\S+)/g)) found[key]?.push(value)
    const [source, replySource] = found['src'] ?? []
    const [destination] = found['dst'] ?? []
    if (source === undefined || destination === undefined || replySource === undefined) continue
    const [sourcePort = '0', replySourcePort = '0'] = found['sport'] ?? []
    const [destinationPort = '0'] = found['dport'] ?? []
    flows.push({
      protocol: line.slice(0, line.indexOf(' ')),
      source,
      destination,
      sourcePort: Number(sourcePort),
      destinationPort: Number(destinationPort),
      replySource,
      replySourcePort: Number(replySourcePort),
    })
  }
  return flows
}

/**
 * Flows to the service ports that end at an endpoint which does not serve, or at none. Service ports without any serving
 * endpoint keep theirs: there is nothing better to send them to.
 */
export function staleFlows(
  flows: readonly TrackedFlow[],
  servicePorts: Iterable<ServicePortRules>,
): readonly TrackedFlow[] {
  const byAddress = new Map<string, ReadonlySet<string>>()
  const byNodePort = new Map<number, ReadonlySet<string>>()
  for (const { frontends, serving = [] } of servicePorts) {
    if (serving.length === 0) continue
    const endpoints = new Set(serving)
    for (const { address, port } of frontends) {
      if (address === undefined) byNodePort.set(port, endpoints)
      else byAddress.set(`${address}:${port}`, endpoints)
    }
  }
  return flows.filter((flow) => {
    const endpoints =
      byAddress.get(`${flow.destination}:${flow.destinationPort}`) ?? byNodePort.get(flow.destinationPort)
    return endpoints !== undefined && !endpoints.has(`${flow.replySource}:${flow.replySourcePort}`)
  })
}

/** The kernel's connection table, by the `conntrack` command. */
export class Conntrack {
  readonly #prefix: readonly string[]

  /** @param prefix words before `conntrack`: `nsenter --net=PATH` for another network namespace. */
  constructor(prefix: readonly string[] = []) {
    this.#prefix = prefix
  }

  /** Flows of a family, or of one protocol of it. @throws CommandError when the command is missing or fails. */
  async list(family: IPFamily, protocol?: string): Promise<readonly TrackedFlow[]> {
    return parseFlows(await this.#run(['-L', '-f', nameOf(family), ...(protocol ? ['-p', protocol] : [])], ''))
  }

  /** Deletes flows; those that have ended meanwhile are no failure. */
  async delete(family: IPFamily, flows: readonly TrackedFlow[]): Promise<void> {
    if (flows.length === 0) return
    const commands = flows.map(({ protocol, source, destination, sourcePort, destinationPort }) => {
      const ports = destinationPort > 0 ? ` --sport ${sourcePort} --dport ${destinationPort}` : ''
      return `-D -f ${nameOf(family)} -p ${protocol} -s ${source} -d ${destination}${ports}`
    })
    // `-R -` reads commands and ends at the first that finds nothing, so the rest get a call of their own when that happens.
    await this.#run(['-R', '-'], `${commands.join('\n')}\n`).catch(async () => {
      for (const command of commands) await this.#run(command.split(' '), '').catch(() => '')
    })
  }

  #run(args: readonly string[], input: string): Promise<string> {
    return runCommand([...this.#prefix, 'conntrack', ...args], { input })
  }
}

function nameOf(family: IPFamily): string {
  return family === 'IPv4' ? 'ipv4' : 'ipv6'
}
