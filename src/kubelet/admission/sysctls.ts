import type { Pod } from '#api/core/v1'
import { specOf } from '../pods/containers.ts'
import type { Refusal } from './fit.ts'

/** Sysctls that belong to a namespace and do no harm outside of it. */
const safe: readonly string[] = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]

const ofIpc = (name: string): boolean =>
  name === 'kernel.sem' ||
  name.startsWith('kernel.shm') ||
  name.startsWith('kernel.msg') ||
  name.startsWith('fs.mqueue.')
const ofNetwork = (name: string): boolean => name.startsWith('net.')

/** Whether a pod's sysctls are allowed on this node. */
export function allowsSysctls(pod: Pod, unsafe: readonly string[]): Refusal | undefined {
  const { securityContext, hostNetwork, hostIPC } = specOf(pod)
  const allowed = [...safe, ...unsafe]
  for (const { name } of securityContext?.sysctls ?? []) {
    const dotted = name.replaceAll('/', '.')
    const isListed = allowed.some((pattern) =>
      pattern.endsWith('*') ? dotted.startsWith(pattern.slice(0, -1)) : dotted === pattern,
    )
    const forbid = (why: string): Refusal => ({
      reason: 'SysctlForbidden',
      message: `forbidden sysctl: ${JSON.stringify(name)} ${why}`,
    })
    if (!isListed) return forbid('not allowlisted')
    if (ofNetwork(dotted) && hostNetwork) return forbid('not allowed with host net enabled')
    if (ofIpc(dotted) && hostIPC) return forbid('not allowed with host ipc enabled')
  }
  return undefined
}
