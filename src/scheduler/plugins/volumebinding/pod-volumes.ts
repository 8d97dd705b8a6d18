import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '#api/core/v1'
import { keyOf } from '#machinery'
import { classOf, namedClaims, notForPod } from '../volumes/storage.ts'
import type { Storage } from '../volumes/storage.ts'
import type { Assumed } from './assumed.ts'
import { findVolume, isOfNode, largestVolume, provisionsOn, reaches, requestedSize } from './match.ts'

export const selectedNodeAnnotation = 'volume.kubernetes.io/selected-node'
const bindCompletedAnnotation = 'pv.kubernetes.io/bind-completed'

/** The claims of a pod, by what is still to be done. */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[]
  /** Bound once the pod's node is known. */
  readonly delayed: readonly PersistentVolumeClaim[]
  /** Bound by others, whom the pod must wait for. */
  readonly immediate: readonly PersistentVolumeClaim[]
}

/** What must be written for a pod to have its volumes on a node. */
export interface PodVolumes {
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[]
  /** Claims for which volumes will be made. */
  readonly provisions: readonly PersistentVolumeClaim[]
}

const reasons = {
  bindConflict: "node(s) didn't find available persistent volumes to bind",
  nodeConflict: "node(s) didn't match PersistentVolume's node affinity",
  noSpace: 'node(s) did not have enough free storage',
  noVolume: 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
} as const

/** Something that is not as it should be; scheduling is tried again. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError'
}

export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return !!spec?.volumeName && metadata.annotations?.[bindCompletedAnnotation] !== undefined
}

/** Decides which volumes the claims of pods get. */
export class VolumeFinder {
  readonly #storage: Storage
  readonly #claims: Assumed<PersistentVolumeClaim>
  readonly #volumes: Assumed<PersistentVolume>

  constructor(storage: Storage, claims: Assumed<PersistentVolumeClaim>, volumes: Assumed<PersistentVolume>) {
    this.#storage = storage
    this.#claims = claims
    this.#volumes = volumes
  }

  /** Why a pod can't go anywhere for its claims; `undefined` when nothing speaks against it. */
  problemWith(pod: Pod): string | undefined {
    const { namespace = '' } = pod.metadata
    for (const { name, ephemeral } of namedClaims(pod)) {
      const claim = this.#storage.claims.lister.get({ namespace, name })
      const quoted = JSON.stringify(name)
      if (!claim) {
        return ephemeral
          ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
          : `persistentvolumeclaim ${quoted} not found`
      }
      if (claim.status?.phase === 'Lost') {
        const volume = JSON.stringify(claim.spec?.volumeName ?? '')
        return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${volume}`
      }
      if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim ${quoted} is being deleted`
      const foreign = ephemeral ? notForPod(pod, claim) : undefined
      if (foreign !== undefined) return foreign
    }
    return undefined
  }

  /** @throws VolumeError when a claim is gone. */
  claimsOf(pod: Pod): PodClaims {
    const bound: PersistentVolumeClaim[] = []
    const delayed: PersistentVolumeClaim[] = []
    const immediate: PersistentVolumeClaim[] = []
    for (const { name } of namedClaims(pod)) {
      const key = `${pod.metadata.namespace ?? ''}/${name}`
      const claim = this.#claims.get(key)
      if (!claim)
        throw new VolumeError(
          `error getting PVC ${JSON.stringify(key)}: could not find v1.PersistentVolumeClaim ${JSON.stringify(key)}`,
        )
      if (isFullyBound(claim)) bound.push(claim)
      else if (this.#isDelayed(claim) && !claim.spec?.volumeName) delayed.push(claim)
      else immediate.push(claim)
    }
    return { bound, delayed, immediate }
  }

  #isDelayed(claim: PersistentVolumeClaim): boolean {
    const found = this.#storage.classes.lister.get({ name: classOf(claim) })
    return found?.volumeBindingMode === 'WaitForFirstConsumer'
  }

  /** The volumes of a pod on a node, or the reasons why it can't have them there. @throws VolumeError */
  find({ bound, delayed }: PodClaims, node: Node): PodVolumes | readonly string[] {
    const boundReason = this.#checkBound(bound, node)
    const against = boundReason === undefined ? [] : [boundReason]
    const search: PersistentVolumeClaim[] = []
    const provision: PersistentVolumeClaim[] = []
    for (const claim of delayed) {
      const selected = claim.metadata.annotations?.[selectedNodeAnnotation]
      if (selected === undefined) search.push(claim)
      else if (selected === node.metadata.name) provision.push(claim)
      else return [...against, reasons.bindConflict]
    }
    const bindings: { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[] = []
    const taken = new Set<string>()
    search.sort((a, b) => requestedSize(a) - requestedSize(b))
    for (const claim of search) {
      const volume = findVolume(claim, this.#volumesOf(classOf(claim)), node, taken)
      if (volume) {
        taken.add(volume.metadata.name ?? '')
        bindings.push({ claim, volume })
      } else provision.push(claim)
    }
    const refused = this.#checkProvisions(provision, node)
    if (refused !== undefined) against.push(refused)
    // Told in this order, whichever was found first.
    const order: readonly string[] = Object.values(reasons)
    return against.length > 0
      ? against.sort((a, b) => rank(order, a) - rank(order, b))
      : { bindings, provisions: provision }
  }

  *#volumesOf(className: string): IterableIterator<PersistentVolume> {
    for (const volume of this.#volumes.list()) if (classOf(volume) === className) yield volume
  }

  #checkBound(bound: readonly PersistentVolumeClaim[], node: Node): string | undefined {
    for (const { spec } of bound) {
      const volume = this.#volumes.get(spec?.volumeName ?? '')
      if (!volume) return reasons.noVolume
      if (!reaches(volume, node)) return reasons.nodeConflict
    }
    return undefined
  }

  #checkProvisions(claims: readonly PersistentVolumeClaim[], node: Node): string | undefined {
    for (const claim of claims) {
      const className = classOf(claim)
      if (className === '') throw new VolumeError(`no class for claim ${JSON.stringify(keyOf(claim))}`)
      const found = this.#storage.classes.lister.get({ name: className })
      if (!found) throw new VolumeError(`failed to find storage class ${JSON.stringify(className)}`)
      const { provisioner } = found
      if (!provisioner || provisioner === 'kubernetes.io/no-provisioner') return reasons.bindConflict
      if (!provisionsOn(found, node)) return reasons.bindConflict
      if (!this.#hasSpace(claim, className, provisioner, node)) return reasons.noSpace
    }
    return undefined
  }

  /** Drivers that tell of their capacity are believed. */
  #hasSpace(claim: PersistentVolumeClaim, className: string, provisioner: string, node: Node): boolean {
    if (claim.spec?.resources?.requests?.['storage'] === undefined) return true
    const driver = this.#storage.csiDrivers.lister.get({ name: provisioner })
    if (driver?.spec.storageCapacity !== true) return true
    const size = requestedSize(claim)
    for (const capacity of this.#storage.capacities.lister.list()) {
      if (capacity.storageClassName !== className) continue
      if ((largestVolume(capacity) ?? -1) >= size && isOfNode(capacity, node)) return true
    }
    return false
  }
}

/** Affinity of volumes, then volumes to bind, then space, then volumes that are gone. */
function rank(order: readonly string[], reason: string): number {
  if (reason === reasons.nodeConflict) return -1
  return order.indexOf(reason)
}
