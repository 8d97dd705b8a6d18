import type { Draft } from '#api'
import type { DaemonSet } from '#api/apps/v1'
import { defaultPodTemplateSpec } from '#machinery'
import { setTemplateGeneration, templateGeneration } from './template-generation.ts'

/** One pod is replaced at a time, and ten old revisions are kept. */
export function defaultDaemonSet(draft: Draft<DaemonSet>): void {
  const { spec } = draft
  const strategy = (spec.updateStrategy ??= {})
  strategy.type ||= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    const rollingUpdate = (strategy.rollingUpdate ??= {})
    rollingUpdate.maxUnavailable ??= 1
    rollingUpdate.maxSurge ??= 0
  } else if (strategy.rollingUpdate) {
    strategy.rollingUpdate.maxUnavailable ??= 0
    strategy.rollingUpdate.maxSurge ??= 0
  }
  spec.revisionHistoryLimit ??= 10
  defaultPodTemplateSpec(spec.template)
  setTemplateGeneration(draft, templateGeneration(draft))
}
