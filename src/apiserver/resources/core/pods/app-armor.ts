import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import { semanticEqual } from '#base'
import { Path } from '#machinery'
import { appArmorPrefix, appArmorProfileOf } from '../pod-spec/app-armor.ts'
import { validateAppArmorProfile } from '../pod-spec/validation/app-armor.ts'

/**
 * Takes AppArmor profiles from the annotations they were once written in over into the fields of the containers. In place.
 * @returns warnings of annotations that had to be, or could not be, taken over.
 */
export function adoptAppArmorAnnotations(pod: Draft<Pod>): readonly string[] {
  const { metadata, spec } = pod
  const { annotations } = metadata
  if (!annotations || !spec || spec.os?.name === 'windows') return []
  const warnings: string[] = []
  for (const list of [spec.initContainers, spec.containers, spec.ephemeralContainers]) {
    for (const container of list ?? []) {
      const key = `${appArmorPrefix}${container.name}`
      const annotation = annotations[key]
      if (annotation === undefined || container.securityContext?.appArmorProfile) continue
      const profile = appArmorProfileOf(annotation)
      const usable = profile !== undefined && validateAppArmorProfile(profile, Path.of('profile')).length === 0
      if (usable && semanticEqual(profile, spec.securityContext?.appArmorProfile)) continue
      if (usable) container.securityContext = { ...container.securityContext, appArmorProfile: { ...profile } }
      const at = Path.of('metadata', 'annotations').key(key)
      warnings.push(`${at.toString()}: deprecated since v1.30; use the "appArmorProfile" field instead`)
    }
  }
  return warnings
}
