import type { Draft } from '#api'
import type { DaemonSet } from '#api/apps/v1'
import { defaultPodTemplateSpec } from '../../core/pod-spec/index.ts'

/** One pod is replaced at a time, and ten old revisions are kept. */
export function defaultDaemonSet({ spec }: Draft<DaemonSet>): void {
  const strategy = (spec.updateStrategy ??= {})
  strategy.type ||= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    const rollingUpdate = (strategy.rollingUpdate ??= {})
    rollingUpdate.maxUnavailable ??= 1
    rollingUpdate.maxSurge ??= 0
  }
  spec.revisionHistoryLimit ??= 10
  defaultPodTemplateSpec(spec.template)
}
