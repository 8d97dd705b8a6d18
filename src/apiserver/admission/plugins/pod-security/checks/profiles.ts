import type { SELinuxOptions } from '#api/core/v1'
import { quote } from '#machinery'
import { containersOf, containers, distinct, namesWhere, plural, quoted, setters, unlessWindows } from '../check.ts'
import type { AnyContainer, Check, CheckedPod, CheckPod } from '../check.ts'

const annotationsOf = ({ metadata }: CheckedPod): readonly (readonly [string, string])[] =>
  Object.entries(metadata.annotations ?? {})

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/'
const isAppArmorType = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost'
const isAppArmorAnnotation = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/')

const appArmor: Check = {
  id: 'appArmorProfile',
  level: 'baseline',
  versions: [
    {
      since: 0,
      check(pod) {
        const typeOf = (holder: { readonly appArmorProfile?: { readonly type: string } } = {}): readonly string[] =>
          holder.appArmorProfile && !isAppArmorType(holder.appArmorProfile.type) ? [holder.appArmorProfile.type] : []
        const ofPod = typeOf(pod.spec.securityContext)
        const names = namesWhere(pod, ({ securityContext }) => typeOf(securityContext).length > 0)
        const types = distinct([
          ...ofPod,
          ...containersOf(pod).flatMap(({ securityContext }) => typeOf(securityContext)),
        ])
        const annotations = annotationsOf(pod)
          .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isAppArmorAnnotation(value))
          .map(([key, value]) => `${key}=${quote(value)}`)
          .sort()
        const who = [
          ...(ofPod.length > 0 ? ['pod'] : []),
          ...(names.length > 0 ? [containers(names)] : []),
          ...(annotations.length > 0 ? [plural('annotation', annotations)] : []),
        ]
        if (who.length === 0) return undefined
        const values = [...types, ...annotations]
        return {
          reason: plural('forbidden AppArmor profile', values),
          detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
        }
      },
    },
  ],
}

const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/'
const isSeccompType = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost'
const isSeccompAnnotation = (value: string): boolean =>
  value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/')

const seccompAnnotations: CheckPod = (pod) => {
  const keys = new Set([seccompPod, ...containersOf(pod).map(({ name }) => seccompPrefix + name)])
  const bad = annotationsOf(pod)
    .filter(([key, value]) => keys.has(key) && !isSeccompAnnotation(value))
    .map(([key, value]) => `${key}=${quote(value)}`)
    .sort()
  if (bad.length === 0) return undefined
  return { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', bad)} ${bad.join(', ')}` }
}

const profileOf = ({ securityContext }: CheckedPod['spec'] | AnyContainer): string | undefined =>
  securityContext?.seccompProfile?.type
const isBad = (type: string | undefined): boolean => type !== undefined && !isSeccompType(type)

const forbiddenSeccomp: CheckPod = (pod) => {
  const ofPod = profileOf(pod.spec)
  const names = namesWhere(pod, (container) => isBad(profileOf(container)))
  const who = setters(isBad(ofPod), names)
  if (who === '') return undefined
  const types = [ofPod, ...containersOf(pod).map(profileOf)].filter((type) => type !== undefined).filter(isBad)
  const detail = `${who} must not set securityContext.seccompProfile.type to ${quoted(distinct(types))}`
  return { reason: 'seccompProfile', detail }
}

const missingSeccomp: CheckPod = (pod) => {
  const forbidden = forbiddenSeccomp(pod)
  if (forbidden || profileOf(pod.spec) !== undefined) return forbidden
  const silent = namesWhere(pod, (container) => profileOf(container) === undefined)
  if (silent.length === 0) return undefined
  const wanted = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
  return { reason: 'seccompProfile', detail: `pod or ${containers(silent)} ${wanted}` }
}

const baselineSeccomp: Check = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  versions: [
    { since: 0, check: seccompAnnotations },
    { since: 19, check: forbiddenSeccomp },
  ],
}

const overrides = ['seccompProfile_baseline']
const restrictedSeccomp: Check = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  versions: [
    { since: 19, check: missingSeccomp, overrides },
    { since: 25, check: unlessWindows(missingSeccomp), overrides },
  ],
}

/** @param types that may be set, besides none */
function seLinuxWithin(types: readonly string[]): CheckPod {
  const isAllowed = ({ type = '', user = '', role = '' }: SELinuxOptions): boolean =>
    (type === '' || types.includes(type)) && user === '' && role === ''
  return (pod) => {
    const ofPod = pod.spec.securityContext?.seLinuxOptions
    const all = [ofPod, ...containersOf(pod).map(({ securityContext }) => securityContext?.seLinuxOptions)]
    const bad = all.filter((options) => options !== undefined && !isAllowed(options))
    if (bad.length === 0) return undefined
    const names = namesWhere(
      pod,
      ({ securityContext }) =>
        securityContext?.seLinuxOptions !== undefined && !isAllowed(securityContext.seLinuxOptions),
    )
    const badTypes = distinct(
      bad.flatMap((options) => (options?.type && !types.includes(options.type) ? [options.type] : [])),
    )
    const data = [
      ...(badTypes.length > 0 ? [`${plural('type', badTypes)} ${quoted(badTypes)}`] : []),
      ...(bad.some((options) => options?.user) ? ['user may not be set'] : []),
      ...(bad.some((options) => options?.role) ? ['role may not be set'] : []),
    ]
    const who = setters(ofPod !== undefined && !isAllowed(ofPod), names)
    const detail = `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`
    return { reason: 'seLinuxOptions', detail }
  }
}

const containerTypes = ['container_t', 'container_init_t', 'container_kvm_t']
const seLinux: Check = {
  id: 'seLinuxOptions',
  level: 'baseline',
  versions: [
    { since: 0, check: seLinuxWithin(containerTypes) },
    { since: 31, check: seLinuxWithin([...containerTypes, 'container_engine_t']) },
  ],
}

export const profileChecks: readonly Check[] = [appArmor, baselineSeccomp, restrictedSeccomp, seLinux]
