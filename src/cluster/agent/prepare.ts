import { silentLogger } from '#base'
import type { Logger } from '#base'
import { mountHugePages, startContainerd } from '#kubelet/host'
import type { Containerd } from '#kubelet/host'
import { ensureServiceAddresses } from '#network'
import { snapshotterFor } from '../host/snapshotter.ts'
import { nodeNetworkNames } from './names.ts'
import type { NodePreparation } from './messages.ts'
import { preparePlugins } from './plugins.ts'

/**
 * Gives a node what it has before it joins: a container runtime that can start pods, and its own addresses.
 *
 * @throws UserError, Error
 */
export async function prepareNode(preparation: NodePreparation, logger: Logger = silentLogger): Promise<Containerd> {
  const { layout } = preparation
  await mountHugePages(logger)
  const cniBinDir = await preparePlugins(layout, logger)
  const [containerd] = await Promise.all([
    startContainerd({
      root: layout.containerdRoot,
      state: layout.containerdState,
      cniConfDir: layout.cniConfDir,
      cniBinDir,
      cgroupDriver: 'cgroupfs',
      snapshotter: await snapshotterFor(layout.containerdRoot),
      registryConfigDir: layout.registryConfigDir,
      logger,
      podAddresses: layout.podAddressDir,
    }),
    prepareServiceAddress(preparation),
  ])
  return containerd
}

/** The cluster DNS is served on the node itself, so its address is one of the node's. */
export const prepareServiceAddress = ({ dnsAddress }: NodePreparation): Promise<void> =>
  ensureServiceAddresses({ addresses: [dnsAddress], port: 53, name: nodeNetworkNames.dns })
