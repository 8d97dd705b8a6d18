import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, RoleRef } from '#api/rbac/v1'
import { followed } from '../../registry/followed.ts'
import type { Services } from '../../services.ts'
import { BindingIndex } from './bindings.ts'
import { compileRules } from './rule.ts'
import type { CompiledRule } from './rule.ts'

const group = 'rbac.authorization.k8s.io'

/** Roles and bindings as they are now. */
export interface RbacSource {
  /** Changes whenever something in here may have. */
  readonly version: number
  /** Bindings of a namespace; those of the cluster for the empty one. */
  bindings(namespace: string): BindingIndex
  /** Rules of the role that a binding refers to; `undefined` when there is none. */
  rules(role: RoleRef, namespace: string): readonly CompiledRule[] | undefined
}

const sources = new WeakMap<Services, RbacSource>()

/** Reads the registries of the server. Nothing is copied: roles are found where they are stored. */
export function rbacSource(services: Services): RbacSource {
  let source = sources.get(services)
  if (!source) {
    source = openSource(services)
    sources.set(services, source)
  }
  return source
}

function openSource(services: Services): RbacSource {
  const roles = followed<Role>(services, group, 'roles')
  const clusterRoles = followed<ClusterRole>(services, group, 'clusterroles')
  const roleBindings = followed<RoleBinding>(services, group, 'rolebindings')
  const clusterRoleBindings = followed<ClusterRoleBinding>(services, group, 'clusterrolebindings')
  const all = [roles, clusterRoles, roleBindings, clusterRoleBindings]

  let ofCluster: BindingIndex | undefined
  let clusterVersion = -1
  const ofNamespaces = new Map<string, BindingIndex>()
  let namespacesVersion = -1

  return {
    get version() {
      let version = 0
      for (const followed of all) version += followed.version
      return version
    },
    bindings(namespace) {
      if (namespace === '') {
        if (!ofCluster || clusterVersion !== clusterRoleBindings.version) {
          clusterVersion = clusterRoleBindings.version
          ofCluster = new BindingIndex(clusterRoleBindings.all(''), '')
        }
        return ofCluster
      }
      if (namespacesVersion !== roleBindings.version) {
        namespacesVersion = roleBindings.version
        ofNamespaces.clear()
      }
      let index = ofNamespaces.get(namespace)
      if (!index) {
        const bindings = [...roleBindings.all(namespace)]
        // Clients may ask about namespaces without end that are not there.
        if (bindings.length === 0) return noBindings
        index = new BindingIndex(bindings, namespace)
        ofNamespaces.set(namespace, index)
      }
      return index
    },
    rules({ kind, name }, namespace) {
      const role = kind === 'Role' ? roles.peek(namespace, name) : undefined
      const found = kind === 'ClusterRole' ? clusterRoles.peek('', name) : role
      return found && compileRules(found.rules ?? noRules)
    },
  }
}

const noRules: readonly [] = []
const noBindings = new BindingIndex([], '')
