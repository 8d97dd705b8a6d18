import type { Draft } from '#api'
import type { ReplicaSet } from '#api/apps/v1'
import { defaultPodTemplateSpec } from '#machinery'

export function defaultReplicaSet({ spec }: Draft<ReplicaSet>): void {
  spec.replicas ??= 1
  if (spec.template) defaultPodTemplateSpec(spec.template)
}
