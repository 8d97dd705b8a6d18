import { ipFamilyOf } from '#machinery'
import { CommandError, runCommand } from './command.ts'
import { inNamespace, ip, ipEnsure } from './ip.ts'

export interface ServiceAddressOptions {
  /** Cluster IPs that the node itself serves. */
  readonly addresses: readonly string[]
  /** Port of UDP and TCP that is served there: connections to it are not tracked. */
  readonly port: number
  /** Name of the network device that has the addresses, and of the nftables tables. */
  readonly name: string
  /** File of the node's network namespace; our own when absent. */
  readonly namespace?: string
}

/**
 * Gives the node addresses of services that it serves itself, so that pods reach the server on their own node without
 * translation. Thousands of questions per second would each take an entry of the connection table, and a place among the
 * limited number of those; nothing here needs them.
 */
export async function ensureServiceAddresses(options: ServiceAddressOptions): Promise<void> {
  const { addresses, name, namespace } = options
  try {
    await ipEnsure([`link add ${name} type dummy`], namespace)
  } catch (error) {
    // A kernel without dummy devices. A bridge without ports does as well.
    if (!(error instanceof CommandError)) throw error
    await ipEnsure([`link add ${name} type bridge`], namespace)
  }
  await ip(
    [
      `link set ${name} up`,
      ...addresses.map((address) =>
        address.includes(':')
          ? `addr replace ${address}/128 dev ${name} nodad`
          : `addr replace ${address}/32 dev ${name}`,
      ),
    ],
    namespace,
  )
  await runCommand([...inNamespace(namespace), 'nft', '-f', '-'], { input: untracked(options) })
}

/** Takes back what {@link ensureServiceAddresses} did; does nothing where that is gone. */
export async function removeServiceAddresses(name: string, namespace?: string): Promise<void> {
  await ipEnsure([`link delete ${name}`], namespace)
  const commands = ['ip', 'ip6'].flatMap((family) => [`add table ${family} ${name}`, `delete table ${family} ${name}`])
  await runCommand([...inNamespace(namespace), 'nft', '-f', '-'], { input: `${commands.join('\n')}\n` })
}

function untracked({ addresses, port, name }: ServiceAddressOptions): string {
  const commands: string[] = []
  for (const [family, word] of [
    ['IPv4', 'ip'],
    ['IPv6', 'ip6'],
  ] as const) {
    const own = addresses.filter((address) => ipFamilyOf(address) === family)
    commands.push(`add table ${word} ${name}`, `delete table ${word} ${name}`)
    if (own.length === 0) continue
    const set = `{ ${own.join(', ')} }`
    commands.push(
      `add table ${word} ${name}`,
      `add chain ${word} ${name} prerouting { type filter hook prerouting priority -300; }`,
      `add chain ${word} ${name} output { type filter hook output priority -300; }`,
    )
    for (const protocol of ['udp', 'tcp']) {
      const question = `${word} daddr ${set} ${protocol} dport ${port} notrack`
      const answer = `${word} saddr ${set} ${protocol} sport ${port} notrack`
      commands.push(
        `add rule ${word} ${name} prerouting ${question}`,
        // What the node asks itself passes both ways over its loopback.
        `add rule ${word} ${name} prerouting ${answer}`,
        `add rule ${word} ${name} output ${question}`,
        `add rule ${word} ${name} output ${answer}`,
      )
    }
  }
  return `${commands.join('\n')}\n`
}
