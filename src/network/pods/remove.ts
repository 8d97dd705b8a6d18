import { runCommand } from '../command.ts'
import { inNamespace } from '../ip.ts'
import { removeServiceAddresses } from '../service-address.ts'
import { applyRoutes } from './apply-routes.ts'
import { applyVxlan } from './tunnel/vxlan.ts'
import { removeWireguard } from './tunnel/wireguard.ts'

export interface RemoveNodeNetworkOptions {
  /** Names of nftables tables, those of the pod network among them. */
  readonly tables: readonly string[]
  /** Name of the device that has the addresses of services the node serves itself. */
  readonly serviceDevice: string
  /** File of the node's network namespace; our own when absent. */
  readonly namespace?: string
}

/** Takes away what makes a machine's network that of a node: rules, routes, addresses. Does nothing where that is gone. */
export async function removeNodeNetwork({ tables, serviceDevice, namespace }: RemoveNodeNetworkOptions): Promise<void> {
  const commands = tables.flatMap((table) =>
    ['ip', 'ip6'].flatMap((family) => [`add table ${family} ${table}`, `delete table ${family} ${table}`]),
  )
  await runCommand([...inNamespace(namespace), 'nft', '-f', '-'], { input: `${commands.join('\n')}\n` })
  await removeServiceAddresses(serviceDevice, namespace)
  await applyRoutes([], namespace)
  await applyVxlan({ own: undefined, peers: [], mtu: 1500 }, namespace)
  await removeWireguard(namespace)
}
