import type { Container, Pod, SeccompProfile, SecurityContext } from '#api/core/v1'
import { quote } from '#machinery'
import { formatPod, specOf } from '../pods/containers.ts'
import type { ContainerSecurityContext, NamespaceOptions, SecurityProfile } from '../runtime/records.ts'

/** What the node decides about security, besides the pod. */
export interface SecurityPolicy {
  /** Folder of Localhost seccomp profiles. */
  readonly seccompRoot: string
  /** Containers that name no seccomp profile get the runtime's. */
  readonly seccompDefault: boolean
  /** File of the profile that fits the sandbox image; sandboxes get the runtime's own one without. */
  readonly sandboxSeccomp: string | undefined
}

/** User of the image: a number, a name, or neither. */
export interface ImageUser {
  readonly uid?: number
  readonly username?: string
}

/** The container's security context on top of the pod's. */
function effectiveSecurityContext(pod: Pod, container: Container): SecurityContext {
  const { seLinuxOptions, runAsUser, runAsGroup, runAsNonRoot } = specOf(pod).securityContext ?? {}
  return {
    ...(seLinuxOptions ? { seLinuxOptions } : {}),
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    ...(runAsNonRoot === undefined ? {} : { runAsNonRoot }),
    ...container.securityContext,
  }
}

/**
 * A container that must not run as root, would it?
 *
 * @throws Error with the message users see, when it would or when nobody can tell.
 */
export function verifyRunAsNonRoot(pod: Pod, container: Container, { uid, username = '' }: ImageUser): void {
  const { runAsNonRoot, runAsUser } = effectiveSecurityContext(pod, container)
  if (!runAsNonRoot) return
  const where = `(pod: ${quote(formatPod(pod))}, container: ${container.name})`
  if (runAsUser !== undefined) {
    if (runAsUser === 0) throw new Error(`container's runAsUser breaks non-root policy ${where}`)
    return
  }
  if (uid === undefined && username !== '') {
    const what = `image has non-numeric user (${username}), cannot verify user is non-root`
    throw new Error(`container has runAsNonRoot and ${what} ${where}`)
  }
  if (uid === 0) throw new Error(`container has runAsNonRoot and image will run as root ${where}`)
}

const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
]
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

/** A container's security context for the runtime. */
export function containerSecurity(
  pod: Pod,
  container: Container,
  user: ImageUser,
  namespaceOptions: NamespaceOptions,
  policy: SecurityPolicy,
): ContainerSecurityContext {
  const context = effectiveSecurityContext(pod, container)
  const { capabilities, seLinuxOptions, runAsUser, runAsGroup, procMount } = context
  const podContext = specOf(pod).securityContext ?? {}
  const isMasked = procMount !== 'Unmasked'
  const groups = [
    ...(podContext.fsGroup === undefined ? [] : [podContext.fsGroup]),
    ...(podContext.supplementalGroups ?? []),
  ]
  const runsAs = runAsUser ?? user.uid
  return {
    ...(capabilities
      ? { capabilities: { addCapabilities: capabilities.add ?? [], dropCapabilities: capabilities.drop ?? [] } }
      : {}),
    ...(seLinuxOptions ? { selinuxOptions: seLinuxOptions } : {}),
    ...(runsAs === undefined ? {} : { runAsUser: runsAs }),
    ...(runAsUser === undefined && user.username !== undefined ? { runAsUsername: user.username } : {}),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    privileged: context.privileged ?? false,
    readonlyRootfs: context.readOnlyRootFilesystem ?? false,
    noNewPrivs: context.allowPrivilegeEscalation === false,
    namespaceOptions,
    maskedPaths: isMasked ? maskedPaths : [],
    readonlyPaths: isMasked ? readonlyPaths : [],
    seccomp: seccompOf(container.securityContext?.seccompProfile ?? podContext.seccompProfile, policy),
    ...apparmorOf(pod, container),
    ...(groups.length > 0 ? { supplementalGroups: groups } : {}),
    ...(podContext.supplementalGroupsPolicy ? { supplementalGroupsPolicy: podContext.supplementalGroupsPolicy } : {}),
  }
}

function seccompOf(profile: SeccompProfile | undefined, policy: SecurityPolicy): SecurityProfile {
  if (!profile) return { profileType: policy.seccompDefault ? 'RuntimeDefault' : 'Unconfined' }
  if (profile.type !== 'Localhost') return { profileType: profile.type }
  const { localhostProfile = '' } = profile
  if (localhostProfile === '') throw new Error('localhostProfile must be set if seccompProfile type is Localhost.')
  return { profileType: 'Localhost', localhostRef: `${policy.seccompRoot}/${localhostProfile}` }
}

const deprecatedApparmor = 'container.apparmor.security.beta.kubernetes.io/'

function apparmorOf(pod: Pod, container: Container): Pick<ContainerSecurityContext, 'apparmor' | 'apparmorProfile'> {
  const profile = container.securityContext?.appArmorProfile ?? specOf(pod).securityContext?.appArmorProfile
  if (profile) {
    switch (profile.type) {
      case 'RuntimeDefault':
        return { apparmor: { profileType: 'RuntimeDefault' }, apparmorProfile: 'runtime/default' }
      case 'Unconfined':
        return { apparmor: { profileType: 'Unconfined' }, apparmorProfile: 'unconfined' }
      case 'Localhost': {
        const { localhostProfile } = profile
        if (localhostProfile === undefined) throw new Error('missing localhost apparmor profile name')
        return {
          apparmor: { profileType: 'Localhost', localhostRef: localhostProfile },
          apparmorProfile: `localhost/${localhostProfile}`,
        }
      }
    }
  }
  const annotated = pod.metadata.annotations?.[deprecatedApparmor + container.name]
  return annotated === undefined ? {} : { apparmorProfile: annotated }
}

/** Namespaces that the pod shares with the node, or its containers with each other. */
export function namespacesOf(pod: Pod, userNamespace: NamespaceOptions['usernsOptions']): NamespaceOptions {
  const { hostIPC, hostNetwork, hostPID, shareProcessNamespace } = specOf(pod)
  return {
    ipc: hostIPC ? 'node' : 'pod',
    network: hostNetwork ? 'node' : 'pod',
    pid: hostPID ? 'node' : shareProcessNamespace ? 'pod' : 'container',
    ...(userNamespace ? { usernsOptions: userNamespace } : {}),
  }
}
