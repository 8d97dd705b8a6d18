import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { runCommand } from './command.ts'
import { inNamespace } from './ip.ts'

/** Kernel settings below `/proc/sys/net`, by path: `ipv4/ip_forward`. `*` stands for every network device. */
export type Sysctls = { readonly [path: string]: string }

/** What a node needs to forward for pods. */
export const forwardingSysctls: Sysctls = {
  'ipv4/ip_forward': '1',
  'ipv6/conf/all/forwarding': '1',
  // Two pods on one segment of the node are not to find each other without it; and redirects count against the limit on
  // messages that say "refused".
  'ipv4/conf/*/send_redirects': '0',
  // Host ports on loopback lead to pods.
  'ipv4/conf/all/route_localnet': '1',
  'netfilter/nf_conntrack_tcp_timeout_established': '86400',
  'netfilter/nf_conntrack_tcp_timeout_close_wait': '3600',
}

/**
 * What a node needs where the namespace has nothing but pods behind it. The kernel looks for a second or two whether somebody
 * else has an address before it answers for it (RFC 4862, 5.4): for so long a new pod would find nobody at its gateway,
 * which is alone with it on their link. Devices of a machine's own namespace may be on segments with others.
 */
export const ownNamespaceSysctls: Sysctls = { 'ipv6/conf/default/accept_dad': '0' }

/**
 * Sets kernel settings of a network namespace; our own when absent.
 *
 * @returns paths that can't be set here: kernels and containers differ in what they offer.
 */
export async function setSysctls(sysctls: Sysctls, namespace?: string): Promise<readonly string[]> {
  if (namespace === undefined) return Object.entries(sysctls).flatMap(([path, value]) => setHere(path, value))
  const script = Object.entries(sysctls).map(
    ([path, value]) =>
      `for f in /proc/sys/net/${path}; do [ "$(cat $f 2>&1)" = ${value} ] || echo ${value} >$f || echo ${path}; done 2>/dev/null`,
  )
  const output = await runCommand([...inNamespace(namespace), 'sh', '-c', script.join('\n')])
  return output.split('\n').filter((line) => line !== '')
}

function setHere(pattern: string, value: string): readonly string[] {
  const [before = '', after] = pattern.split('*')
  const root = '/proc/sys/net/'
  const paths = after === undefined ? [pattern] : entriesOf(root + before).map((name) => `${before}${name}${after}`)
  return paths.filter((path) => {
    try {
      if (readFileSync(root + path, 'utf8').trim() !== value) writeFileSync(root + path, value)
      return false
    } catch {
      return true
    }
  })
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
