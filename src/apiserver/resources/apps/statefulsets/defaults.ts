import type { Draft } from '#api'
import type { StatefulSet } from '#api/apps/v1'
import { defaultPodTemplateSpec } from '#machinery'
import { defaultClaimTemplate } from './claims.ts'

/** Pods start and end one after the other, their claims stay. */
export function defaultStatefulSet({ spec }: Draft<StatefulSet>): void {
  spec.podManagementPolicy ||= 'OrderedReady'
  const strategy = (spec.updateStrategy ??= {})
  if (!strategy.type) {
    strategy.type = 'RollingUpdate'
    strategy.rollingUpdate ??= {}
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {})
  retention.whenDeleted ||= 'Retain'
  retention.whenScaled ||= 'Retain'
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
  defaultPodTemplateSpec(spec.template)
  if (spec.volumeClaimTemplates) spec.volumeClaimTemplates = spec.volumeClaimTemplates.map(defaultClaimTemplate)
}
