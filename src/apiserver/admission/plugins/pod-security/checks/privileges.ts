import {
  containers,
  containersOf,
  distinct,
  namesWhere,
  quoted,
  setters,
  unlessUserNamespace,
  unlessWindows,
} from '../check.ts'
import type { AnyContainer, Check, CheckPod } from '../check.ts'

const escalates: CheckPod = (pod) => {
  const names = namesWhere(pod, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false)
  if (names.length === 0) return undefined
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containers(names)} must set securityContext.allowPrivilegeEscalation=false`,
  }
}

const escalation: Check = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  versions: [
    { since: 8, check: escalates },
    { since: 25, check: unlessWindows(escalates) },
  ],
}

const privileged: Check = {
  id: 'privileged',
  level: 'baseline',
  versions: [
    {
      since: 0,
      check(pod) {
        const names = namesWhere(pod, ({ securityContext }) => securityContext?.privileged === true)
        if (names.length === 0) return undefined
        const detail = `${containers(names)} must not set securityContext.privileged=true`
        return { reason: 'privileged', detail }
      },
    },
  ],
}

const ordinary: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])

const adds = ({ securityContext }: AnyContainer): readonly string[] => securityContext?.capabilities?.add ?? []
const drops = ({ securityContext }: AnyContainer): readonly string[] => securityContext?.capabilities?.drop ?? []

/** Which containers add capabilities outside of a set. */
function addsOther(pod: Parameters<CheckPod>[0], allowed: ReadonlySet<string>): string | undefined {
  const others = (container: AnyContainer): readonly string[] => adds(container).filter((each) => !allowed.has(each))
  const names = namesWhere(pod, (container) => others(container).length > 0)
  if (names.length === 0) return undefined
  const capabilities = distinct(containersOf(pod).flatMap(others))
  return `${containers(names)} must not include ${quoted(capabilities)} in securityContext.capabilities.add`
}

const baselineCapabilities: Check = {
  id: 'capabilities_baseline',
  level: 'baseline',
  versions: [
    {
      since: 0,
      check(pod) {
        const detail = addsOther(pod, ordinary)
        return detail === undefined ? undefined : { reason: 'non-default capabilities', detail }
      },
    },
  ],
}

const bindsPorts: ReadonlySet<string> = new Set(['NET_BIND_SERVICE'])

const unrestricted: CheckPod = (pod) => {
  const keeping = namesWhere(pod, (container) => !drops(container).includes('ALL'))
  const details = [
    ...(keeping.length === 0 ? [] : [`${containers(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...[addsOther(pod, bindsPorts)].filter((detail) => detail !== undefined),
  ]
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

const overrides = ['capabilities_baseline']
const restrictedCapabilities: Check = {
  id: 'capabilities_restricted',
  level: 'restricted',
  versions: [
    { since: 22, check: unrestricted, overrides },
    { since: 25, check: unlessWindows(unrestricted), overrides },
  ],
}

const asRoot: CheckPod = (pod) => {
  const own = pod.spec.securityContext?.runAsNonRoot
  const setting = namesWhere(pod, ({ securityContext }) => securityContext?.runAsNonRoot === false)
  const reason = 'runAsNonRoot != true'
  const who = setters(own === false, setting)
  if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` }
  const silent = own ? [] : namesWhere(pod, ({ securityContext }) => securityContext?.runAsNonRoot === undefined)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${containers(silent)} must set securityContext.runAsNonRoot=true` }
}

const nonRoot: Check = {
  id: 'runAsNonRoot',
  level: 'restricted',
  versions: [
    { since: 0, check: asRoot },
    { since: 35, check: unlessUserNamespace(asRoot) },
  ],
}

const asUserZero: CheckPod = (pod) => {
  const names = namesWhere(pod, ({ securityContext }) => securityContext?.runAsUser === 0)
  const who = setters(pod.spec.securityContext?.runAsUser === 0, names)
  return who === '' ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` }
}

const user: Check = {
  id: 'runAsUser',
  level: 'restricted',
  versions: [
    { since: 23, check: asUserZero },
    { since: 35, check: unlessUserNamespace(asUserZero) },
  ],
}

export const privilegeChecks: readonly Check[] = [
  escalation,
  privileged,
  baselineCapabilities,
  restrictedCapabilities,
  nonRoot,
  user,
]
