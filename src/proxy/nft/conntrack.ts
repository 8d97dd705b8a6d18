import type { IPFamily } from '#machinery'
import { runCommand } from '#network'
import type { ServicePortRules } from '#proxy'

/** One flow as `conntrack -L` prints it. */
export interface Flow {
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
  readonly replySource: string
  readonly replySourcePort: number
}

/**
 * Reads the lines of `conntrack -L -p udp`. The first `src=` ... `dport=` are the original direction, the second ones the
 * reply.
 */
export function parseFlows(text: string): readonly Flow[] {
  const flows: Flow[] = []
  for (const line of text.split('\n')) {
    const values = [...line.matchAll(/\b(src|dst|sport|dport)=(\S+)/g)].map((match) => match[2] ?? '')
    const [source, destination, sourcePort, destinationPort, replySource, , replySourcePort] = values
    if (!source || !destination || !replySource || values.length < 8) continue
    flows.push({
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
export function staleFlows(flows: readonly Flow[], servicePorts: Iterable<ServicePortRules>): readonly Flow[] {
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

/** Runs the `conntrack` command. */
export class Conntrack {
  readonly #prefix: readonly string[]

  constructor(prefix: readonly string[] = []) {
    this.#prefix = prefix
  }

  /** Deletes flows of UDP that {@link staleFlows} finds. @throws Error when the command is missing or fails. */
  async forgetStale(family: IPFamily, servicePorts: readonly ServicePortRules[]): Promise<number> {
    const name = family === 'IPv4' ? 'ipv4' : 'ipv6'
    const listed = await this.#run(['-L', '-p', 'udp', '-f', name], '')
    const stale = staleFlows(parseFlows(listed), servicePorts)
    if (stale.length === 0) return 0
    const commands = stale.map(
      (flow) =>
        `-D -p udp -f ${name} -s ${flow.source} -d ${flow.destination} --sport ${flow.sourcePort} --dport ${flow.destinationPort}`,
    )
    // `-R -` reads commands; a flow that ended meanwhile makes it fail, so each gets a call of its own when that happens.
    await this.#run(['-R', '-'], `${commands.join('\n')}\n`).catch(async () => {
      for (const command of commands) await this.#run(command.split(' '), '').catch(() => '')
    })
    return stale.length
  }

  #run(args: readonly string[], input: string): Promise<string> {
    return runCommand([...this.#prefix, 'conntrack', ...args], { input })
  }
}
