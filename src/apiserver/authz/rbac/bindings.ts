import type { ClusterRoleBinding, RoleBinding, RoleRef, Subject } from '#api/rbac/v1'
import type { UserInfo } from '#client'
import { quote } from '#machinery'

/** A binding that applies to a user, by one of its subjects. */
export interface Grant {
  readonly binding: ClusterRoleBinding | RoleBinding
  /** Place of the binding among all of its index. */
  readonly place: number
  /** Place in the binding of the first subject that the user is. */
  readonly subject: number
}

/**
 * Bindings by whom they are for. Service accounts are users of their own name.
 */
export class BindingIndex {
  readonly #users = new Map<string, Grant[]>()
  readonly #groups = new Map<string, Grant[]>()

  /** @param namespace of the bindings, empty for those of the cluster. */
  constructor(bindings: Iterable<ClusterRoleBinding | RoleBinding>, namespace: string) {
    let place = 0
    for (const binding of bindings) {
      for (const [subject, who] of (binding.subjects ?? []).entries()) {
        this.#add(who, namespace, { binding, place, subject })
      }
      place++
    }
  }

  #add(who: Subject, namespace: string, grant: Grant): void {
    switch (who.kind) {
      case 'User':
        push(this.#users, who.name, grant)
        return
      case 'Group':
        push(this.#groups, who.name, grant)
        return
      case 'ServiceAccount': {
        const home = who.namespace || namespace
        if (home !== '') push(this.#users, `system:serviceaccount:${home}:${who.name}`, grant)
        return
      }
      default:
    }
  }

  /** What applies to a user, in order of the bindings; each once. */
  of(user: UserInfo): readonly Grant[] {
    const found = [this.#users.get(user.name), ...user.groups.map((group) => this.#groups.get(group))]
    const lists = found.filter((grants) => grants !== undefined)
    if (lists.length === 0) return none
    const first = new Map<number, Grant>()
    for (const grant of lists.flat()) {
      const known = first.get(grant.place)
      if (!known || grant.subject < known.subject) first.set(grant.place, grant)
    }
    return [...first.values()].sort((a, b) => a.place - b.place)
  }
}

const none: readonly Grant[] = []

function push(index: Map<string, Grant[]>, key: string, grant: Grant): void {
  const grants = index.get(key)
  if (grants) grants.push(grant)
  else index.set(key, [grant])
}

/** `ClusterRoleBinding "b" of ClusterRole "r" to User "u"`. */
export function describeGrant({ binding, subject }: Grant): string {
  const { name = '', namespace = '' } = binding.metadata
  const role = `${binding.roleRef.kind} ${quote(binding.roleRef.name)}`
  const who = describeSubject(binding.subjects?.[subject], namespace)
  if (namespace === '') return `ClusterRoleBinding ${quote(name)} of ${role} to ${who}`
  return `RoleBinding ${quote(`${name}/${namespace}`)} of ${role} to ${who}`
}

function describeSubject(subject: Subject | undefined, namespace: string): string {
  if (!subject) return ''
  const name = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name
  return `${subject.kind} ${quote(name)}`
}

/** What is wrong with a binding whose role isn't there, in the authorizer's words. */
export function danglingReference({ kind, name }: RoleRef): string {
  if (kind !== 'Role' && kind !== 'ClusterRole') return `unsupported role reference kind: ${quote(kind)}`
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${quote(name)} not found`
}
