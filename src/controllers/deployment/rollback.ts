import type { Deployment, ReplicaSet } from '#api/apps/v1'
import { quote } from '#machinery'
import { integerOf, lastRevision, revisionOf, rollbackAnnotation, rolledBackAnnotations } from './annotations.ts'
import { hashLabel, sameTemplate } from './replica-sets.ts'

/** The revision that an old client asks to go back to: 0 for the last one. */
export function rollbackTarget({ metadata }: Deployment): bigint | undefined {
  const text = metadata.annotations?.[rollbackAnnotation]
  return text === undefined ? undefined : integerOf(text)
}

export interface Rollback {
  /** The Deployment to write: the request is taken away in any case. */
  readonly deployment: Deployment
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

export function planRollback(deployment: Deployment, replicaSets: readonly ReplicaSet[], target: bigint): Rollback {
  const asked = withoutRequest(deployment)
  const revision = target === 0n ? lastRevision(replicaSets) : target
  const missing = (message: string): Rollback => ({
    deployment: asked,
    type: 'Warning',
    reason: 'DeploymentRollbackRevisionNotFound',
    message,
  })
  if (revision === 0n) return missing('Unable to find last revision.')
  const found = replicaSets.find((each) => revisionOf(each) === revision)
  if (!found) return missing('Unable to find the revision to rollback to.')
  const name = quote(deployment.metadata.name ?? '')
  if (sameTemplate(deployment.spec.template, found.spec.template ?? {})) {
    return {
      deployment: asked,
      type: 'Warning',
      reason: 'DeploymentRollbackTemplateUnchanged',
      message: `The rollback revision contains the same template as current deployment ${name}`,
    }
  }
  return {
    deployment: withTemplateOf(asked, found),
    type: 'Normal',
    reason: 'DeploymentRollback',
    message: `Rolled back deployment ${name} to revision ${revision}`,
  }
}

function withoutRequest(deployment: Deployment): Deployment {
  const { [rollbackAnnotation]: _, ...annotations } = deployment.metadata.annotations ?? {}
  return { ...deployment, metadata: { ...deployment.metadata, annotations } }
}

function withTemplateOf(deployment: Deployment, replicaSet: ReplicaSet): Deployment {
  const { template = {} } = replicaSet.spec
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  return {
    ...deployment,
    metadata: { ...deployment.metadata, annotations: rolledBackAnnotations(deployment, replicaSet) },
    spec: { ...deployment.spec, template: { ...template, metadata: { ...template.metadata, labels } } },
  }
}
