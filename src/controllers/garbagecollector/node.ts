import type { KubeObject, OwnerReference } from '#machinery'
import type { ObjectReference } from './references.ts'

export const foregroundFinalizer = 'foregroundDeletion'
export const orphanFinalizer = 'orphan'

const noOwners: readonly OwnerReference[] = []

/** An object in the graph. */
export class GraphNode {
  identity: ObjectReference
  owners: readonly OwnerReference[]
  /** Objects that name it as an owner. Most have none. */
  dependents: Set<GraphNode> | undefined
  /** Known only because others name it. */
  virtual: boolean
  beingDeleted: boolean
  /** Tries that came to nothing. */
  attempts = 0
  /** Being deleted, after its dependents. */
  deletingDependents: boolean

  constructor(identity: ObjectReference, object?: KubeObject) {
    this.identity = identity
    this.owners = object?.metadata.ownerReferences ?? noOwners
    this.virtual = object === undefined
    this.beingDeleted = object !== undefined && isBeingDeleted(object)
    this.deletingDependents = this.beingDeleted && hasFinalizer(object, foregroundFinalizer)
  }

  /** Dependents that keep it from going. */
  blockingDependents(): GraphNode[] {
    const { uid } = this.identity
    return [...(this.dependents ?? [])].filter(({ owners }) =>
      owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    )
  }
}

export const isBeingDeleted = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined

export function hasFinalizer(object: KubeObject | undefined, finalizer: string): boolean {
  return object?.metadata.finalizers?.includes(finalizer) ?? false
}
