import type { Draft } from '#api'
import type { Deployment } from '#api/apps/v1'
import { defaultPodTemplateSpec } from '#machinery'

/** One replica, rolled over a quarter at a time, with ten old revisions kept. */
export function defaultDeployment({ spec }: Draft<Deployment>): void {
  spec.replicas ??= 1
  const strategy = (spec.strategy ??= {})
  strategy.type ||= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    const rollingUpdate = (strategy.rollingUpdate ??= {})
    rollingUpdate.maxUnavailable ??= '25%'
    rollingUpdate.maxSurge ??= '25%'
  }
  spec.revisionHistoryLimit ??= 10
  spec.progressDeadlineSeconds ??= 600
  defaultPodTemplateSpec(spec.template)
}
