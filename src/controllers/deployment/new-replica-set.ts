import { deployments } from '#api/apps/v1'
import type { Deployment, ReplicaSet } from '#api/apps/v1'
import type { LabelSelector } from '#api/meta/v1'
import { controllerReference } from '#client'
import { podTemplateHash } from '../common/hash/template-hash.ts'
import { newReplicaSetAnnotations, sizeAnnotations } from './annotations.ts'
import { hashLabel } from './replica-sets.ts'
import { newReplicas } from './rolling.ts'

const maxNameLength = 253

/** The ReplicaSet that a Deployment's template asks for, with as many replicas as it may have at first. */
export function makeReplicaSet(deployment: Deployment, old: readonly ReplicaSet[], revision: bigint): ReplicaSet {
  const { spec, status, metadata } = deployment
  const hash = podTemplateHash(spec.template, status?.collisionCount)
  const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash }
  const { minReadySeconds = 0 } = spec
  const replicaSet: ReplicaSet = {
    metadata: {
      name: replicaSetName(metadata.name ?? '', hash),
      namespace: metadata.namespace ?? '',
      ownerReferences: [controllerReference(deployment, deployments)],
      labels,
      annotations: {
        ...newReplicaSetAnnotations(deployment, {}, revision),
        ...sizeAnnotations(deployment),
      },
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === 0 ? {} : { minReadySeconds }),
      selector: withLabel(spec.selector, hash),
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  }
  const replicas = newReplicas(deployment, [...old, replicaSet], replicaSet)
  return { ...replicaSet, spec: { ...replicaSet.spec, replicas } }
}

function withLabel(selector: LabelSelector, hash: string): LabelSelector {
  return { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } }
}

function replicaSetName(deployment: string, hash: string): string {
  return `${deployment.slice(0, maxNameLength - 1 - hash.length)}-${hash}`
}

/**
 * The new ReplicaSet as it should be: annotations, revision and seconds to be ready follow the Deployment.
 *
 * @returns `undefined` when nothing differs.
 */
export function correctedReplicaSet(
  deployment: Deployment,
  current: ReplicaSet,
  revision: bigint,
): ReplicaSet | undefined {
  const annotations = newReplicaSetAnnotations(deployment, current.metadata.annotations ?? {}, revision)
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0
  if (annotations === undefined && (current.spec.minReadySeconds ?? 0) === minReadySeconds) return undefined
  const { minReadySeconds: _, ...spec } = current.spec
  return {
    ...current,
    metadata: annotations === undefined ? current.metadata : { ...current.metadata, annotations },
    spec: minReadySeconds === 0 ? spec : { ...spec, minReadySeconds },
  }
}
