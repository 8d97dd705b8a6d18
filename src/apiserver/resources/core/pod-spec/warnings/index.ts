import type { Pod, PodSpec, PodTemplateSpec } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { semanticEqual } from '#base'
import { quote, warningsForIP } from '#machinery'
import type { Path } from '#machinery'
import { appArmorPrefix, appArmorProfileOf } from '../app-armor.ts'
import { seccompKeyOf } from '../validation/seccomp.ts'
import { containersWithPath } from '../visit.ts'
import { amountWarnings, containerWarnings } from './containers.ts'
import { placeIn } from './place.ts'
import type { Place } from './place.ts'
import { portWarnings } from './ports.ts'
import { affinityWarnings, nodeWarnings } from './scheduling.ts'
import { overlapWarnings, volumeWarnings } from './volumes.ts'

/** What the server warns of in a pod template at `path`. */
export function podTemplateWarnings(template: PodTemplateSpec | undefined, path: Path): readonly string[] {
  if (!template?.spec) return []
  const place = placeIn(path)
  const annotations = template.metadata?.annotations ?? {}
  return warningsFor(template.spec, annotations, place, appArmorWarnings(template.spec, annotations, place))
}

/** What the server warns of in a pod, but for AppArmor annotations, which are spoken of when they are taken over. */
export function podWarnings(pod: Pod): readonly string[] {
  return pod.spec ? warningsFor(pod.spec, pod.metadata.annotations ?? {}, placeIn(undefined), new Map()) : []
}

type Annotations = NonNullable<ObjectMeta['annotations']>

const deprecatedAnnotations: readonly (readonly [key: string, why: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
]

/** `appArmor`: warnings of each container's annotation, by its name. */
function warningsFor(
  spec: PodSpec,
  annotations: Annotations,
  place: Place,
  appArmor: ReadonlyMap<string, string>,
): readonly string[] {
  const annotation = (key: string): string => place('metadata', 'annotations').key(key).toString()
  const seccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead'
  const warnings = [
    ...nodeWarnings(spec, place),
    ...deprecatedAnnotations
      .filter(([key]) => annotations[key] !== undefined)
      .map(([key, why]) => `${annotation(key)}: ${why}`),
    ...volumeWarnings(spec, place),
    ...overlapWarnings(spec),
    ...repeatWarnings(spec, place),
    ...amountWarnings(spec.overhead, place('spec', 'overhead')),
  ]
  if (!spec.securityContext?.seccompProfile && annotations[seccompKeyOf()] !== undefined)
    warnings.push(`${annotation(seccompKeyOf())}: ${seccomp}`)
  for (const [container, path] of containersWithPath(spec, place('spec'))) {
    const key = seccompKeyOf(container.name)
    if (!container.securityContext?.seccompProfile && annotations[key] !== undefined)
      warnings.push(`${annotation(key)}: ${seccomp}`)
    const armor = appArmor.get(container.name)
    if (armor !== undefined) warnings.push(armor)
    warnings.push(...containerWarnings(container, path))
  }
  warnings.push(...portWarnings(spec, place('spec')))
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const at = place('spec', 'terminationGracePeriodSeconds').toString()
    warnings.push(`${at}: must be >= 0; negative values are invalid and will be treated as 1`)
  }
  return [...warnings, ...affinityWarnings(spec, place), ...addressWarnings(spec, place)]
}

/** Annotations that say something else than the fields. */
function appArmorWarnings(spec: PodSpec, annotations: Annotations, place: Place): ReadonlyMap<string, string> {
  const own = spec.securityContext?.appArmorProfile
  const warnings = new Map<string, string>()
  for (const [{ name, securityContext }] of containersWithPath(spec, place('spec'))) {
    const key = appArmorPrefix + name
    const annotation = annotations[key]
    if (annotation === undefined || securityContext?.appArmorProfile) continue
    if (own && semanticEqual(own, appArmorProfileOf(annotation))) continue
    const at = place('metadata', 'annotations').key(key).toString()
    warnings.set(name, `${at}: deprecated since v1.30; use the "appArmorProfile" field instead`)
  }
  return warnings
}

function repeatWarnings({ hostAliases = [], imagePullSecrets = [] }: PodSpec, place: Place): string[] {
  const warnings: string[] = []
  const again = (values: readonly string[], list: string, field: string): void => {
    const seen = new Set<string>()
    for (const [index, value] of values.entries()) {
      if (seen.has(value))
        warnings.push(`${place('spec', list).index(index).child(field).toString()}: duplicate ${field} ${quote(value)}`)
      seen.add(value)
    }
  }
  const secrets = imagePullSecrets.map(({ name = '' }) => name)
  again(
    hostAliases.map(({ ip }) => ip),
    'hostAliases',
    'ip',
  )
  again(secrets, 'imagePullSecrets', 'name')
  for (const [index, name] of secrets.entries()) {
    if (name !== '') continue
    const at = place('spec', 'imagePullSecrets').index(index).child('name').toString()
    warnings.push(`${at}: invalid empty name ""`)
  }
  return warnings
}

function addressWarnings({ dnsConfig, hostAliases = [] }: PodSpec, place: Place): string[] {
  const servers = place('spec', 'dnsConfig', 'nameservers')
  const aliases = place('spec', 'hostAliases')
  return [
    ...(dnsConfig?.nameservers ?? []).flatMap((server, index) => warningsForIP(servers.index(index), server)),
    ...hostAliases.flatMap(({ ip }, index) => warningsForIP(aliases.index(index).child('ip'), ip)),
  ]
}
