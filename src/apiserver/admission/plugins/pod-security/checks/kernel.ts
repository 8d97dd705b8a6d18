import type { Volume } from '#api/core/v1'
import { containers, containersOf, distinct, namesWhere, plural, quoted, unlessUserNamespace } from '../check.ts'
import type { AnyContainer, Check, CheckPod } from '../check.ts'

const otherMount = ({ securityContext }: AnyContainer): readonly string[] =>
  securityContext?.procMount === undefined || securityContext.procMount === 'Default' ? [] : [securityContext.procMount]

const unmaskedProc: CheckPod = (pod) => {
  const names = namesWhere(pod, (container) => otherMount(container).length > 0)
  if (names.length === 0) return undefined
  const types = distinct(containersOf(pod).flatMap(otherMount))
  return {
    reason: 'procMount',
    detail: `${containers(names)} must not set securityContext.procMount to ${quoted(types)}`,
  }
}

const procMount: Check = {
  id: 'procMount',
  level: 'baseline',
  versions: [
    { since: 0, check: unmaskedProc },
    { since: 35, check: unlessUserNamespace(unmaskedProc) },
  ],
}

const restrictedProcMount: Check = {
  id: 'procMount_restricted',
  level: 'restricted',
  versions: [{ since: 35, check: unmaskedProc, overrides: ['procMount'] }],
}

/** Parameters that are a namespace's own, by the version since which each is let through. */
const safeSysctls: readonly (readonly [number, readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
]

const sysctls: Check = {
  id: 'sysctls',
  level: 'baseline',
  versions: safeSysctls.map(([since], index) => {
    const safe = new Set(safeSysctls.slice(0, index + 1).flatMap(([, names]) => names))
    return {
      since,
      check({ spec }) {
        const names = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safe.has(name))
        return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') }
      },
    }
  }),
}

const harmless: readonly (keyof Volume)[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

function restrictedType(volume: Volume): string | undefined {
  if (harmless.some((source) => volume[source] !== undefined)) return undefined
  return Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'
}

const volumes: Check = {
  id: 'restrictedVolumes',
  level: 'restricted',
  versions: [
    {
      since: 0,
      overrides: ['hostPathVolumes'],
      check({ spec }) {
        const bad = (spec.volumes ?? []).flatMap((volume) => {
          const type = restrictedType(volume)
          return type === undefined ? [] : [{ name: volume.name, type }]
        })
        if (bad.length === 0) return undefined
        const names = bad.map(({ name }) => name)
        const types = distinct(bad.map(({ type }) => type))
        const verb = names.length === 1 ? 'uses' : 'use'
        const detail = `${plural('volume', names)} ${quoted(names)} ${verb} ${plural('restricted volume type', types)} ${quoted(types)}`
        return { reason: 'restricted volume types', detail }
      },
    },
  ],
}

export const kernelChecks: readonly Check[] = [procMount, restrictedProcMount, sysctls, volumes]
