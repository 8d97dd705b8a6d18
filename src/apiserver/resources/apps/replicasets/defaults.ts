import type { Draft } from '#api'
import type { ReplicaSet } from '#api/apps/v1'
import { defaultTemplate } from '../../common/pod-template.ts'

export function defaultReplicaSet({ spec }: Draft<ReplicaSet>): void {
  spec.replicas ??= 1
  if (spec.template) defaultTemplate(spec.template)
}
