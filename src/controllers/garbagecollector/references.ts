import type { OwnerReference } from '#machinery'

/** Where an object is, and which one it is. */
export interface ObjectReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  /** Empty for cluster-scoped objects. */
  readonly namespace: string
}

export function referenceText({ apiVersion, kind, namespace, name, uid }: ObjectReference): string {
  return `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`
}

/** An owner as an object in `namespace` means it. */
export function ownerIn({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): ObjectReference {
  return { apiVersion, kind, name, uid, namespace }
}

export function sameReference(a: ObjectReference, b: ObjectReference): boolean {
  return matches(a, b) && a.namespace === b.namespace
}

/** Whether an owner reference names the object. Its namespace is another matter. */
export function matches(
  owner: Pick<ObjectReference, 'apiVersion' | 'kind' | 'name' | 'uid'>,
  object: ObjectReference,
): boolean {
  return (
    owner.uid === object.uid &&
    owner.name === object.name &&
    owner.kind === object.kind &&
    owner.apiVersion === object.apiVersion
  )
}

export function compareReferences(a: ObjectReference, b: ObjectReference): number {
  for (const field of ['kind', 'apiVersion', 'namespace', 'name', 'uid'] as const) {
    if (a[field] !== b[field]) return a[field] < b[field] ? -1 : 1
  }
  return 0
}

/** References that were found to name nothing; the oldest are forgotten. */
export class AbsentOwners {
  readonly #known = new Set<string>()
  readonly #max: number

  constructor(max = 500) {
    this.#max = max
  }

  add(reference: ObjectReference): void {
    const text = referenceText(reference)
    this.#known.delete(text)
    this.#known.add(text)
    if (this.#known.size <= this.#max) return
    for (const oldest of this.#known) {
      this.#known.delete(oldest)
      return
    }
  }

  has(reference: ObjectReference): boolean {
    return this.#known.has(referenceText(reference))
  }
}
