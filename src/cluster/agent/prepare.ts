import { existsSync } from 'node:fs'
import { silentLogger } from '#base'
import type { Logger } from '#base'
import { startContainerd } from '#kubelet/host'
import type { Containerd } from '#kubelet/host'
import { ensureServiceAddresses } from '#network'
import { snapshotterFor } from '../host/snapshotter.ts'
import { UserError } from '../user-error.ts'
import type { NodePreparation } from './messages.ts'

const cniFolders = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni']

/**
 * Gives a node what it has before it joins: a container runtime that can start pods, and its own addresses.
 *
 * @throws UserError, Error
 */
export async function prepareNode(
  { layout, dnsAddress }: NodePreparation,
  logger: Logger = silentLogger,
): Promise<Containerd> {
  const cniBinDir = cniFolders.find((folder) => existsSync(`${folder}/host-local`))
  if (cniBinDir === undefined) {
    throw new UserError('there are no CNI plugins: install the package containernetworking-plugins')
  }
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
    }),
    // The cluster DNS is served on the node itself, so its address is one of the node's.
    ensureServiceAddresses({ addresses: [dnsAddress], port: 53, name: 'k8ts-dns' }),
  ])
  return containerd
}
