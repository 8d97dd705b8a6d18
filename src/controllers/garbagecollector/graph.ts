import { deepEqual } from '#base'
import type { KubeObject, OwnerReference } from '#machinery'
import { foregroundFinalizer, GraphNode, hasFinalizer, isBeingDeleted, orphanFinalizer } from './node.ts'
import { AbsentOwners, compareReferences, matches, ownerIn, sameReference } from './references.ts'
import type { ObjectReference } from './references.ts'

/** Kind of the objects that an informer tells of. */
export interface GraphKind {
  readonly apiVersion: string
  readonly kind: string
}

/** What follows from changes of the graph. */
export interface GraphEffects {
  /** The object may have to go. @param later after the back-off of failures. */
  attemptToDelete(node: GraphNode, later?: boolean): void
  /** The object is to leave its dependents behind. */
  attemptToOrphan(node: GraphNode): void
  /** An object names an owner that lives in another namespace. */
  invalidOwner(dependent: GraphNode, owner: ObjectReference): void
}

/** Who owns whom, by UID. Follows what informers tell, and knows owners that nobody has seen as virtual nodes. */
export class DependencyGraph {
  readonly absentOwners: AbsentOwners = new AbsentOwners()
  readonly #nodes = new Map<string, GraphNode>()
  readonly #effects: GraphEffects

  constructor(effects: GraphEffects) {
    this.#effects = effects
  }

  node(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid)
  }

  /** An object appeared or changed. */
  seen(kind: GraphKind, object: KubeObject, old?: KubeObject): void {
    const node = this.#nodes.get(object.metadata.uid ?? '')
    if (!node) {
      const identity = identityOf(kind, object)
      const added = new GraphNode(identity, object)
      this.#nodes.set(identity.uid, added)
      this.#addToOwners(added, added.owners)
      this.#transitions(added, object, old)
      return
    }
    if (node.virtual) this.#observe(node, identityOf(kind, object))
    const owners = object.metadata.ownerReferences ?? []
    if (!deepEqual(owners, node.owners)) this.#changeOwners(node, owners)
    if (isBeingDeleted(object)) node.beingDeleted = true
    this.#transitions(node, object, old)
  }

  /** An object is gone. */
  deleted(kind: GraphKind, object: KubeObject): void {
    const identity = identityOf(kind, object)
    const node = this.#nodes.get(identity.uid)
    if (!node) return
    if (node.virtual) this.#observe(node, identity)
    this.#remove(node, identity)
  }

  /** An object that was only named, or thought to be there, was found not to be. */
  absent(reference: ObjectReference): void {
    const node = this.#nodes.get(reference.uid)
    if (!node) return
    const { matching, others } = divide(node, reference)
    if (node.virtual && others.length > 0) {
      this.#retry(matching, reference)
      if (!sameReference(node.identity, reference)) return
      // Some mean another object by this UID: that one is looked for next.
      const alternate = alternateIdentity(others, reference)
      if (!alternate) return
      node.identity = alternate
      this.#effects.attemptToDelete(node, true)
    } else if (!node.virtual && !sameReference(node.identity, reference)) this.#retry(matching, reference)
    else this.#remove(node, reference)
  }

  #retry(dependents: readonly GraphNode[], absent: ObjectReference): void {
    if (dependents.length === 0) return
    this.absentOwners.add(absent)
    for (const dependent of dependents) this.#effects.attemptToDelete(dependent)
  }

  /** A virtual node turns out to be this object. */
  #observe(node: GraphNode, identity: ObjectReference): void {
    if (!sameReference(node.identity, identity)) {
      for (const dependent of divide(node, identity).others) {
        if (identity.namespace !== '' && dependent.identity.namespace !== identity.namespace) {
          this.#invalid(dependent, identity.uid)
        }
        this.#effects.attemptToDelete(dependent)
      }
      node.identity = identity
    }
    node.virtual = false
  }

  #remove(node: GraphNode, identity: ObjectReference): void {
    this.#nodes.delete(node.identity.uid)
    this.#removeFromOwners(node, node.owners)
    const { dependents } = node
    if (dependents && dependents.size > 0) {
      this.absentOwners.add(identity)
      for (const dependent of dependents) this.#effects.attemptToDelete(dependent)
    }
    for (const { uid } of node.owners) {
      const owner = this.#nodes.get(uid)
      if (owner?.deletingDependents) this.#effects.attemptToDelete(owner)
    }
  }

  #changeOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    const before = new Map(node.owners.map((owner) => [owner.uid, owner]))
    const after = new Set(owners.map(({ uid }) => uid))
    const added = owners.filter(({ uid }) => !before.has(uid))
    const removed = node.owners.filter(({ uid }) => !after.has(uid))
    const unblocked = owners.filter((owner) => {
      const old = before.get(owner.uid)
      return old?.blockOwnerDeletion === true && owner.blockOwnerDeletion !== true && !deepEqual(old, owner)
    })
    node.owners = owners
    for (const { uid } of [...removed.filter((owner) => owner.blockOwnerDeletion === true), ...unblocked]) {
      const owner = this.#nodes.get(uid)
      if (owner) this.#effects.attemptToDelete(owner)
    }
    this.#addToOwners(node, added)
    this.#removeFromOwners(node, removed)
  }

  #addToOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    let suspicious = false
    const { namespace } = node.identity
    for (const owner of owners) {
      const known = this.#nodes.get(owner.uid)
      if (!known) {
        const virtual = new GraphNode(ownerIn(owner, namespace))
        this.#nodes.set(owner.uid, virtual)
        virtual.dependents = new Set([node])
        this.#effects.attemptToDelete(virtual)
        continue
      }
      known.dependents ??= new Set()
      known.dependents.add(node)
      if (suspicious) continue
      const isNamespaced = known.identity.namespace !== ''
      if (isNamespaced && known.identity.namespace !== namespace) {
        if (!known.virtual) this.#invalid(node, owner.uid)
        suspicious = true
      } else if (!matches(owner, known.identity)) suspicious = true
      else if (!isNamespaced && namespace !== '' && known.virtual) suspicious = true
    }
    if (suspicious) this.#effects.attemptToDelete(node)
  }

  #removeFromOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    for (const { uid } of owners) this.#nodes.get(uid)?.dependents?.delete(node)
  }

  #invalid(dependent: GraphNode, uid: string): void {
    const owner = dependent.owners.find((each) => each.uid === uid)
    if (owner) this.#effects.invalidOwner(dependent, ownerIn(owner, dependent.identity.namespace))
  }

  #transitions(node: GraphNode, object: KubeObject, old: KubeObject | undefined): void {
    const begins = (finalizer: string): boolean => {
      if (!isBeingDeleted(object) || !hasFinalizer(object, finalizer)) return false
      return !old || !isBeingDeleted(old) || !hasFinalizer(old, finalizer)
    }
    if (begins(orphanFinalizer)) this.#effects.attemptToOrphan(node)
    else if (begins(foregroundFinalizer)) {
      node.deletingDependents = true
      for (const dependent of node.dependents ?? []) this.#effects.attemptToDelete(dependent)
      this.#effects.attemptToDelete(node)
    }
  }
}

function identityOf({ apiVersion, kind }: GraphKind, { metadata }: KubeObject): ObjectReference {
  const { name = '', namespace = '', uid = '' } = metadata
  return { apiVersion, kind, name, uid, namespace }
}

/** Dependents that mean the object by its UID, and those that mean another. */
function divide(
  { dependents }: GraphNode,
  object: ObjectReference,
): { readonly matching: GraphNode[]; readonly others: GraphNode[] } {
  const matching: GraphNode[] = []
  const others: GraphNode[] = []
  for (const dependent of dependents ?? []) {
    const owners = dependent.owners.filter(({ uid }) => uid === object.uid)
    if (object.namespace !== '' && object.namespace !== dependent.identity.namespace) others.push(dependent)
    else {
      if (owners.some((owner) => matches(owner, object))) matching.push(dependent)
      if (owners.some((owner) => !matches(owner, object))) others.push(dependent)
    }
  }
  return { matching, others }
}

/** The next object that dependents may mean by a UID, in a fixed order that begins again at its end. */
function alternateIdentity(dependents: readonly GraphNode[], absent: ObjectReference): ObjectReference | undefined {
  let first: ObjectReference | undefined
  let following: ObjectReference | undefined
  for (const { owners, identity } of dependents) {
    for (const owner of owners) {
      if (owner.uid !== absent.uid) continue
      if (matches(owner, absent) && (absent.namespace === '' || absent.namespace === identity.namespace)) continue
      const sameKind = owner.apiVersion === absent.apiVersion && owner.kind === absent.kind
      const reference = ownerIn(owner, absent.namespace === '' && sameKind ? '' : identity.namespace)
      if (sameReference(reference, absent)) continue
      if (!first || compareReferences(reference, first) < 0) first = reference
      if (compareReferences(absent, reference) < 0 && (!following || compareReferences(reference, following) < 0)) {
        following = reference
      }
    }
  }
  return following ?? first
}
