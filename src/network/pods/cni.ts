import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ipFamilyOf } from '#machinery'
import { linkPluginOf } from './plugin/configuration.ts'

export interface ConflistOptions {
  /** Name of the network. */
  readonly name: string
  /** The node's blocks of pod addresses, one per family at most. */
  readonly podCIDRs: readonly string[]
  /** Folder in which addresses that are in use are noted. Should not outlive a reboot, because pods don't. */
  readonly dataDirectory: string
  readonly mtu: number
  /** The runtime has our own plugin. */
  readonly hasLinkPlugin?: boolean
}

/**
 * The CNI configuration of the pod network: our own plugin, or standard ones that make the same. Each pod has a link of
 * its own to the node, without a bridge: whatever a pod sends is routed and so meets the node's packet filter, also
 * towards its neighbours, and a pod reaches itself through its service.
 */
export function conflistOf({ name, podCIDRs, dataDirectory, mtu, hasLinkPlugin = false }: ConflistOptions): object {
  if (hasLinkPlugin) {
    return { cniVersion: '1.0.0', name, plugins: [linkPluginOf({ network: name, podCIDRs, dataDirectory, mtu })] }
  }
  const everywhere = { IPv4: '0.0.0.0/0', IPv6: '::/0' }
  return {
    cniVersion: '1.0.0',
    name,
    plugins: [
      {
        type: 'ptp',
        mtu,
        ipMasq: false,
        ipam: {
          type: 'host-local',
          dataDir: dataDirectory,
          ranges: podCIDRs.map((subnet) => [{ subnet }]),
          routes: podCIDRs.map((subnet) => ({ dst: everywhere[ipFamilyOf(subnet)] })),
        },
      },
    ],
  }
}

/** Writes a CNI configuration, in one step for those who watch the folder. @returns whether it differs from before. */
export function writeConflist(path: string, conflist: object): boolean {
  const text = `${JSON.stringify(conflist, undefined, 2)}\n`
  if (readText(path) === text) return false
  mkdirSync(dirname(path), { recursive: true })
  // Runtimes take files by their ending: the unfinished one has none that they know.
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
  return true
}

/** Name of the file in which the runtime finds the configuration of a network. */
export const conflistFile = (network: string): string => `10-${network}.conflist`

export function removeConflist(path: string): void {
  rmSync(path, { force: true })
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
