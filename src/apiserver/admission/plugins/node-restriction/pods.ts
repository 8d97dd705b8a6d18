import type { Draft } from '#api'
import type { Node, Pod } from '#api/core/v1'
import { deepEqual } from '#base'
import { notFound, quote, usedApiObjects } from '#machinery'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes } from '../../admission.ts'
import { draftOf, oldOf, refused } from '../../refusal.ts'
import { isMirrorPod } from '../service-account/mirror.ts'
import type { Restriction } from './index.ts'

/** @throws StatusError NotFound */
function podOf({ peek }: Services, namespace: string, name: string): Pod {
  const pod = peek<Pod>('', 'pods', namespace, name)
  if (!pod) throw notFound({ group: '', resource: 'pods' }, name)
  return pod
}

export const podObject: Restriction = (node, attributes, services) => {
  const { operation, namespace, name } = attributes
  if (operation === 'CREATE') return mirrorPod(node, attributes, services)
  if (operation !== 'DELETE')
    throw refused(
      attributes,
      `unexpected operation ${quote(operation)}, node ${quote(node)} can only create and delete mirror pods`,
    )
  if (podOf(services, namespace, name).spec.nodeName !== node)
    throw refused(attributes, `node ${quote(node)} can only delete pods with spec.nodeName set to itself`)
}

/** Nodes make pods only to show what they run by themselves. */
function mirrorPod(node: string, attributes: AdmissionAttributes, services: Services): void {
  const pod = draftOf<Pod>(attributes)
  const only = (what: string): Error => refused(attributes, `node ${quote(node)} can only create pods with ${what}`)
  if (!isMirrorPod(pod))
    throw refused(
      attributes,
      `pod does not have "kubernetes.io/config.mirror" annotation, node ${quote(node)} can only create mirror pods`,
    )
  if (pod.spec.nodeName !== node) throw only('spec.nodeName set to itself')
  const [owner, ...others] = pod.metadata.ownerReferences ?? []
  if (others.length > 0) throw only('a single owner reference set to itself')
  if (!owner || owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    throw only('an owner reference set to itself')
  if (owner.controller !== true) throw only('a controller owner reference set to itself')
  if (owner.blockOwnerDeletion === true)
    throw refused(attributes, `node ${quote(node)} must not set blockOwnerDeletion on an owner reference`)
  const known = services.peek<Node>('', 'nodes', '', node)
  if (!known) throw notFound({ group: '', resource: 'nodes' }, node)
  if (owner.uid !== known.metadata.uid)
    throw refused(attributes, `node ${node} UID mismatch: expected ${owner.uid} got ${known.metadata.uid ?? ''}`)
  const used = usedApiObjects(pod)
  if (used !== undefined) throw refused(attributes, `node ${quote(node)} can not create pods that reference ${used}`)
}

export const podStatus: Restriction = (node, attributes) => {
  if (attributes.operation !== 'UPDATE')
    throw refused(attributes, `unexpected operation ${quote(attributes.operation)}`)
  const old = oldOf<Pod>(attributes)
  if (old?.spec.nodeName !== node)
    throw refused(
      attributes,
      `node ${quote(node)} can only update pod status for pods with spec.nodeName set to itself`,
    )
  const pod: Draft<Pod> = draftOf<Pod>(attributes)
  if (!deepEqual(old.metadata.labels ?? {}, pod.metadata.labels ?? {}))
    throw refused(attributes, `node ${quote(node)} cannot update labels through pod status`)
  if (!deepEqual(old.status?.resourceClaimStatuses ?? [], pod.status?.resourceClaimStatuses ?? []))
    throw refused(attributes, `node ${quote(node)} cannot update resource claim statues`)
  if (!deepEqual(old.status?.extendedResourceClaimStatus, pod.status?.extendedResourceClaimStatus))
    throw refused(attributes, `node ${quote(node)} cannot update extended resource claim status`)
}

export const evictPod: Restriction = (node, attributes, services) => {
  if (attributes.operation !== 'CREATE') throw refused(attributes, `unexpected operation ${attributes.operation}`)
  const name = attributes.name || (attributes.object?.metadata.name ?? '')
  if (name === '') throw refused(attributes, 'could not determine pod from request data')
  if (podOf(services, attributes.namespace, name).spec.nodeName !== node)
    throw refused(attributes, `node ${node} can only evict pods with spec.nodeName set to itself`)
}
