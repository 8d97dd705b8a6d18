import type { LifecycleHandler, Probe } from '#api/core/v1'
import { containers, containersOf, distinct, namesWhere, plural, quoted } from '../check.ts'
import type { AnyContainer, Check } from '../check.ts'

const namespaces: Check = {
  id: 'hostNamespaces',
  level: 'baseline',
  versions: [
    {
      since: 0,
      check({ spec }) {
        const shared = [
          ...(spec.hostNetwork ? ['hostNetwork=true'] : []),
          ...(spec.hostPID ? ['hostPID=true'] : []),
          ...(spec.hostIPC ? ['hostIPC=true'] : []),
        ]
        return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.join(', ') }
      },
    },
  ],
}

const pathVolumes: Check = {
  id: 'hostPathVolumes',
  level: 'baseline',
  versions: [
    {
      since: 0,
      check({ spec }) {
        const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name)
        if (names.length === 0) return undefined
        return { reason: 'hostPath volumes', detail: `${plural('volume', names)} ${quoted(names)}` }
      },
    },
  ],
}

const hostPortsOf = ({ ports = [] }: AnyContainer): readonly string[] =>
  ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []))

const ports: Check = {
  id: 'hostPorts',
  level: 'baseline',
  versions: [
    {
      since: 0,
      check(pod) {
        const names = namesWhere(pod, (container) => hostPortsOf(container).length > 0)
        if (names.length === 0) return undefined
        const used = distinct(containersOf(pod).flatMap(hostPortsOf))
        const verb = names.length === 1 ? 'uses' : 'use'
        return {
          reason: 'hostPort',
          detail: `${containers(names)} ${verb} ${plural('hostPort', used)} ${used.join(', ')}`,
        }
      },
    },
  ],
}

const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: AnyContainer): readonly string[] =>
  [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(
    (handler: Probe | LifecycleHandler | undefined) =>
      [handler?.httpGet?.host, handler?.tcpSocket?.host]
        .filter((host) => host !== undefined)
        .filter((host) => host !== ''),
  )

const probes: Check = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  versions: [
    {
      since: 34,
      check(pod) {
        const names = distinct(namesWhere(pod, (container) => hostsOf(container).length > 0))
        if (names.length === 0) return undefined
        const hosts = distinct(containersOf(pod).flatMap(hostsOf))
        const verb = names.length === 1 ? 'uses' : 'use'
        return {
          reason: 'probe or lifecycle host',
          detail: `${containers(names)} ${verb} ${plural('probe or lifecycle host', hosts)} ${quoted(hosts)}`,
        }
      },
    },
  ],
}

const windowsProcess: Check = {
  id: 'windowsHostProcess',
  level: 'baseline',
  versions: [
    {
      since: 0,
      check(pod) {
        const names = namesWhere(pod, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true)
        const who = [
          ...(pod.spec.securityContext?.windowsOptions?.hostProcess ? ['pod'] : []),
          ...(names.length > 0 ? [containers(names)] : []),
        ]
        if (who.length === 0) return undefined
        const detail = `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`
        return { reason: 'hostProcess', detail }
      },
    },
  ],
}

export const hostChecks: readonly Check[] = [namespaces, pathVolumes, ports, probes, windowsProcess]
