import { deepEqual } from '#base'
import type { PersistentVolume, Pod } from '#api/core/v1'
import { isMirror, podReferences, volumeSecrets } from './references.ts'
import type { ReferencedKind } from './references.ts'

/** Counts of pods by node, by what they use. */
type NodeCounts = Map<string, number>

/**
 * Which nodes run pods that use an object. It follows pods and volumes as they change; what can be read off an object at
 * the moment of a question is not kept here.
 */
export class NodeUses {
  readonly #byObject = new Map<string, NodeCounts>()
  readonly #volumesBySecret = new Map<string, Set<string>>()

  /** Whether a pod on the node uses the object. */
  has(node: string, kind: ReferencedKind, namespace: string, name: string): boolean {
    return this.#byObject.get(keyOf(kind, namespace, name))?.has(node) === true
  }

  /** Names of bound volumes that are reached by a secret. */
  volumesOf(namespace: string, secret: string): Iterable<string> {
    return this.#volumesBySecret.get(keyOf('secret', namespace, secret)) ?? []
  }

  changePod(pod: Pod | undefined, previous: Pod | undefined): void {
    if (pod && previous && sameUses(pod, previous)) return
    if (previous) this.#count(previous, -1)
    if (pod) this.#count(pod, 1)
  }

  changeVolume(volume: PersistentVolume | undefined, previous: PersistentVolume | undefined): void {
    if (previous?.spec?.claimRef) {
      for (const [namespace, name] of volumeSecrets(previous)) {
        const key = keyOf('secret', namespace, name)
        const volumes = this.#volumesBySecret.get(key)
        volumes?.delete(previous.metadata.name ?? '')
        if (volumes?.size === 0) this.#volumesBySecret.delete(key)
      }
    }
    if (volume?.spec?.claimRef) {
      for (const [namespace, name] of volumeSecrets(volume)) {
        const key = keyOf('secret', namespace, name)
        const volumes = this.#volumesBySecret.get(key) ?? new Set()
        this.#volumesBySecret.set(key, volumes.add(volume.metadata.name ?? ''))
      }
    }
  }

  #count(pod: Pod, change: 1 | -1): void {
    const node = pod.spec?.nodeName
    if (!node) return
    const { namespace = '' } = pod.metadata
    for (const [kind, name] of podReferences(pod)) {
      const key = keyOf(kind, namespace, name)
      let counts = this.#byObject.get(key)
      if (!counts) this.#byObject.set(key, (counts = new Map()))
      const count = (counts.get(node) ?? 0) + change
      if (count > 0) counts.set(node, count)
      else counts.delete(node)
      if (counts.size === 0) this.#byObject.delete(key)
    }
  }
}

/** Names have no slash and no space in them. */
const keyOf = (kind: ReferencedKind, namespace: string, name: string): string => `${kind} ${namespace}/${name}`

/** What a pod uses changes when it is bound, gets ephemeral containers, or claims are made for it. */
function sameUses(pod: Pod, previous: Pod): boolean {
  const { spec, status, metadata } = pod
  return (
    spec?.nodeName === previous.spec?.nodeName &&
    metadata.uid === previous.metadata.uid &&
    isMirror(pod) === isMirror(previous) &&
    spec?.ephemeralContainers?.length === previous.spec?.ephemeralContainers?.length &&
    deepEqual(status?.resourceClaimStatuses, previous.status?.resourceClaimStatuses) &&
    deepEqual(status?.extendedResourceClaimStatus, previous.status?.extendedResourceClaimStatus)
  )
}
