import type { Container, Pod } from '#api/core/v1'
import { ipFamilyOf } from '#machinery'
import { namespacesOf, type SecurityPolicy } from '../containers/security.ts'
import { sandboxResources, type ResourcePolicy } from '../containers/resources.ts'
import { allContainers, isHostNetwork, specOf, uidOf } from '../pods/containers.ts'
import type { DnsConfig, PodSandboxConfig, PortMapping, SandboxSecurityContext } from '../runtime/records.ts'
import type { UserNamespace } from '../userns/ranges.ts'
import { kernelHostname, type PodHostname } from './hostname.ts'

export const podLabels = {
  podName: 'io.kubernetes.pod.name',
  podNamespace: 'io.kubernetes.pod.namespace',
  podUid: 'io.kubernetes.pod.uid',
  containerName: 'io.kubernetes.container.name',
} as const

export interface SandboxInput {
  readonly pod: Pod
  readonly attempt: number
  readonly hostname: PodHostname
  readonly dns: DnsConfig
  readonly cgroupParent: string
  /** Folder of all pods' logs. */
  readonly logRoot: string
  readonly policy: ResourcePolicy
  readonly security: Pick<SecurityPolicy, 'sandboxSeccomp'>
  /** Of a pod that has users of its own. */
  readonly userNamespace: UserNamespace | undefined
}

/** `<namespace>_<name>_<uid>` below the folder of all pods' logs. */
export function podLogFolder(logRoot: string, pod: Pod): string {
  const { namespace = '', name = '' } = pod.metadata
  return `${logRoot}/${namespace}_${name}_${uidOf(pod)}`
}

/** The sandbox that a pod asks for. @throws Error with the message users see. */
export function sandboxConfig(input: SandboxInput): PodSandboxConfig {
  const { pod, attempt, hostname, logRoot } = input
  const { name = '', namespace = '' } = pod.metadata
  const uid = uidOf(pod)
  const portMappings = specOf(pod).containers.flatMap(portMappingsOf)
  const sysctls = specOf(pod).securityContext?.sysctls ?? []
  return {
    metadata: { name, namespace, uid, attempt },
    ...(isHostNetwork(pod) ? {} : { hostname: kernelHostname(pod, hostname) }),
    logDirectory: podLogFolder(logRoot, pod),
    dnsConfig: input.dns,
    ...(portMappings.length > 0 ? { portMappings } : {}),
    labels: {
      ...pod.metadata.labels,
      [podLabels.podName]: name,
      [podLabels.podNamespace]: namespace,
      [podLabels.podUid]: uid,
    },
    annotations: pod.metadata.annotations ?? {},
    linux: {
      cgroupParent: input.cgroupParent,
      securityContext: sandboxSecurity(input),
      ...(sysctls.length > 0
        ? { sysctls: Object.fromEntries(sysctls.map(({ name, value }) => [dotted(name), value])) }
        : {}),
      ...sandboxResources(pod, input.policy),
    },
  }
}

/** A sysctl may be written with slashes, as the kernel's path has it; then dots and slashes change places. */
function dotted(name: string): string {
  if (/[./]/.exec(name)?.[0] !== '/') return name
  return name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'))
}

function sandboxSecurity({ pod, userNamespace, security }: SandboxInput): SandboxSecurityContext {
  const { sandboxSeccomp } = security
  const context = specOf(pod).securityContext ?? {}
  const { seLinuxOptions, runAsUser, runAsGroup, fsGroup, supplementalGroups = [], supplementalGroupsPolicy } = context
  const groups = [...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups]
  return {
    privileged: allContainers(pod).some(({ securityContext }) => securityContext?.privileged === true),
    seccomp:
      sandboxSeccomp === undefined
        ? { profileType: 'RuntimeDefault' }
        : { profileType: 'Localhost', localhostRef: sandboxSeccomp },
    namespaceOptions: namespacesOf(pod, userNamespace),
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    ...(groups.length > 0 ? { supplementalGroups: groups } : {}),
    ...(supplementalGroupsPolicy ? { supplementalGroupsPolicy } : {}),
    ...(seLinuxOptions ? { selinuxOptions: seLinuxOptions } : {}),
  }
}

/** The container's ports, each once. */
function portMappingsOf(container: Container): PortMapping[] {
  const seen = new Set<string>()
  const mappings: PortMapping[] = []
  for (const { name, containerPort, hostPort = 0, hostIP = '', protocol = 'TCP' } of container.ports ?? []) {
    const family = hostIP === '' ? 'any' : ipFamilyOf(hostIP)
    const key = name ?? `${family}-${protocol}-${hostIP}:${containerPort}:${hostPort}`
    if (seen.has(key)) continue
    seen.add(key)
    mappings.push({ protocol, containerPort, hostPort, hostIp: hostIP })
  }
  return mappings
}
