import { writeFile } from 'node:fs/promises'
import { ipFamilyOf } from '#machinery'
import { CommandError, runCommand } from '../../command.ts'
import { inNamespace, ip, ipEnsure, ipQuery } from '../../ip.ts'
import type { Link } from '../../ip.ts'
import { giveAddresses } from './addresses.ts'
import type { SecurePeer, Tunnel } from './peers.ts'

export const wireguardDevice = 'k8ts-wireguard'
/** UDP port that WireGuard has by custom. */
const wireguardPort = 51_820

/** Bytes that WireGuard puts around a packet: its own and UDP's header, its seal, and IP's. */
const overhead = { IPv4: 60, IPv6: 80 } as const

export const wireguardMtu = (mtu: number, node: string): number => mtu - overhead[ipFamilyOf(node)]

/**
 * Whether the machine has WireGuard: in its kernel, or by a device of ours that a program made which does its work, and
 * the command that configures either.
 */
export async function hasWireguard(namespace?: string): Promise<boolean> {
  try {
    await runCommand(['wg', '--version'])
    await ensureDevice(namespace)
    return true
  } catch (error) {
    if (error instanceof CommandError) return false
    throw error
  }
}

/** This node's side of encryption. */
export interface WireguardEnd {
  /** Base64. */
  readonly privateKey: string
  /** What `wg` reads; nobody else may. */
  readonly file: string
}

/**
 * Makes the encrypted tunnel to nodes on other segments what it shall be. Without peers there is none.
 *
 * @throws CommandError, Error when the file can't be written
 */
export async function applyWireguard(
  { own, peers, mtu }: Tunnel<SecurePeer>,
  { privateKey, file }: WireguardEnd,
  namespace?: string,
): Promise<void> {
  if (!own || peers.length === 0) return removeWireguard(namespace)
  await ensureDevice(namespace)
  await writeFile(file, configuration(peers, privateKey), { mode: 0o600 })
  await runCommand([...inNamespace(namespace), 'wg', 'syncconf', wireguardDevice, file])
  await ip([`link set ${wireguardDevice} mtu ${wireguardMtu(mtu, own.node)} up`], namespace)
  await giveAddresses(wireguardDevice, own.inner, namespace)
}

/** Takes the tunnel away. A device that a program made is left to that program, and does nothing. @throws CommandError */
export async function removeWireguard(namespace?: string): Promise<void> {
  if (!(await isThere(namespace))) return
  const made = await ipQuery<Link>(['link', 'show', 'type', 'wireguard'], namespace)
  const isOurs = made.some(({ ifname }) => ifname === wireguardDevice)
  await ipEnsure([isOurs ? `link delete ${wireguardDevice}` : `link set ${wireguardDevice} down`], namespace)
}

async function ensureDevice(namespace: string | undefined): Promise<void> {
  if (!(await isThere(namespace))) await ip([`link add ${wireguardDevice} type wireguard`], namespace)
}

async function isThere(namespace: string | undefined): Promise<boolean> {
  const links = await ipQuery<Link>(['link', 'show'], namespace)
  return links.some(({ ifname }) => ifname === wireguardDevice)
}

function configuration(peers: readonly SecurePeer[], privateKey: string): string {
  const sections = peers.map(({ node, publicKey, blocks }) => [
    '[Peer]',
    `PublicKey = ${publicKey}`,
    `Endpoint = ${node.includes(':') ? `[${node}]` : node}:${wireguardPort}`,
    `AllowedIPs = ${blocks.join(', ')}`,
  ])
  const own = ['[Interface]', `PrivateKey = ${privateKey}`, `ListenPort = ${wireguardPort}`]
  return `${[own, ...sections].map((lines) => lines.join('\n')).join('\n\n')}\n`
}
