import type { Services } from '../../services.ts'
import { clusterRoles } from '../../bootstrap/rbac/cluster-roles.ts'
import type { AuthorizationAttributes, Authorizer, Decision } from '../authorizer.ts'
import { allowsPath, compileRules, coversResource } from '../rbac/rule.ts'
import { fieldRequirements } from '../selectors.ts'
import { nodeOf } from './identity.ts'
import { nodeRelations } from './relations.ts'
import type { NodeRelations, RelatedKind } from './relations.ts'

type Answer = Decision | Promise<Decision>

const allow: Decision = { verdict: 'allow', reason: '' }
const because = (reason: string): Decision => ({ verdict: 'no opinion', reason })
const silent = because('')

/**
 * Lets kubelets do what their node needs: their own node, its lease, pods bound to it and what those use. What admission
 * can see better (the content of what is written) is left to NodeRestriction.
 */
export function nodeAuthorizer(services: Services): Authorizer {
  return authorizerOver(nodeRelations(services))
}

export function authorizerOver(relations: NodeRelations): Authorizer {
  return {
    authorize(attributes) {
      const node = nodeOf(attributes.user)
      if (node === undefined) return silent
      if (node === '') return because(`unknown node for user "${attributes.user.name}"`)
      const rule = attributes.isResource ? rules[`${attributes.group}/${attributes.resource}`] : undefined
      return rule ? rule(node, attributes, relations) : byRole(attributes)
    },
    rulesFor: (user) => {
      const none = { resourceRules: [], nonResourceRules: [] }
      if (nodeOf(user) === undefined) return { ...none, incomplete: false }
      return { ...none, incomplete: true, error: 'node authorizer does not support user rule resolution' }
    },
  }
}

/** What every node may do alike. */
const roleRules = compileRules(clusterRoles['system:node'] ?? [])

function byRole({ isResource, verb, group, resource, subresource, name, path }: AuthorizationAttributes): Decision {
  const allowed = roleRules.some((rule) =>
    isResource
      ? coversResource(rule, verb, group, resource, subresource) && (!rule.names || rule.names.has(name))
      : allowsPath(rule, verb, path),
  )
  return allowed ? allow : silent
}

type Rule = (node: string, attributes: AuthorizationAttributes, relations: NodeRelations) => Answer

function ifRelated(
  kind: RelatedKind,
  node: string,
  attributes: AuthorizationAttributes,
  relations: NodeRelations,
): Answer {
  if (attributes.name === '') return because('No Object name found')
  return related(kind, node, attributes, relations)
}

function related(
  kind: RelatedKind,
  node: string,
  { namespace, name }: AuthorizationAttributes,
  relations: NodeRelations,
): Answer {
  const decide = (found: boolean): Decision =>
    found ? allow : because(`no relationship found between node '${node}' and this object`)
  const found = relations.related(node, kind, namespace, name)
  return found instanceof Promise ? found.then(decide) : decide(found)
}

/** Single objects of a kind that is used by pods, to read in any way. */
const readNamespaced =
  (kind: RelatedKind): Rule =>
  (node, attributes, relations) => {
    if (!['get', 'list', 'watch'].includes(attributes.verb)) return because('can only read resources of this type')
    if (attributes.subresource !== '') return because('cannot read subresource')
    if (attributes.namespace === '') return because('can only read namespaced object of this type')
    return ifRelated(kind, node, attributes, relations)
  }

const get =
  (kind: RelatedKind): Rule =>
  (node, attributes, relations) => {
    if (attributes.verb !== 'get') return because('can only get individual resources of this type')
    if (attributes.subresource !== '') return because('cannot get subresource')
    return ifRelated(kind, node, attributes, relations)
  }

const claims: Rule = (node, attributes, relations) => {
  if (attributes.subresource !== 'status') return get('pvc')(node, attributes, relations)
  if (attributes.verb !== 'update' && attributes.verb !== 'patch') return because('can only get/update/patch this type')
  return ifRelated('pvc', node, attributes, relations)
}

const serviceAccounts: Rule = (node, attributes, relations) => {
  const { verb, subresource, name } = attributes
  if (verb === 'get' && subresource === '') return readNamespaced('serviceaccount')(node, attributes, relations)
  if (verb !== 'create' || name === '') return because('can only create tokens for individual service accounts')
  if (subresource !== 'token') return because('can only create token subresource of serviceaccount')
  return related('serviceaccount', node, attributes, relations)
}

const ownVerbs = new Set(['get', 'create', 'update', 'patch', 'delete'])
const leaseNamespace = 'kube-node-lease'

const leases: Rule = (node, { verb, namespace, name }) => {
  if (!ownVerbs.has(verb)) return because('can only get, create, update, patch, or delete a node lease')
  if (namespace !== leaseNamespace) return because(`can only access leases in the "${leaseNamespace}" system namespace`)
  // What is created has no name yet that could be seen here.
  if (verb !== 'create' && name !== node)
    return because('can only access node lease with the same name as the requesting node')
  return allow
}

const csiNodes: Rule = (node, { verb, subresource, name }) => {
  if (!ownVerbs.has(verb)) return because('can only get, create, update, patch, or delete a CSINode')
  if (subresource !== '') return because('cannot authorize CSINode subresources')
  if (verb !== 'create' && name !== node)
    return because('can only access CSINode with the same name as the requesting node')
  return allow
}

const selectsNode = (attributes: AuthorizationAttributes, field: string, node: string): boolean =>
  fieldRequirements(attributes).some(
    ({ key, operator, values }) => key === field && operator === 'In' && values?.[0] === node,
  )

const resourceSlices: Rule = (node, attributes, relations) => {
  if (attributes.subresource !== '') return because('cannot authorize ResourceSlice subresources')
  switch (attributes.verb) {
    case 'create':
      return allow
    case 'get':
    case 'update':
    case 'patch':
    case 'delete':
      return ifRelated('resourceslice', node, attributes, relations)
    case 'watch':
    case 'list':
    case 'deletecollection':
      if (selectsNode(attributes, 'spec.nodeName', node)) return allow
      return because('can only list/watch/deletecollection resourceslices with nodeName field selector')
    default:
      return because(
        'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
      )
  }
}

const nodes: Rule = (node, { verb, subresource, name }) => {
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : silent
  if (subresource !== '') return silent
  if (['create', 'update', 'patch'].includes(verb)) return allow
  if (!['get', 'list', 'watch'].includes(verb)) return silent
  if (name === node) return allow
  if (name === '') return because(`node '${node}' cannot read all nodes, only its own Node object`)
  return because(`node '${node}' cannot read '${name}', only its own Node object`)
}

const pods: Rule = (node, attributes, relations) => {
  const { verb, subresource, name } = attributes
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : silent
  if (subresource === 'eviction') return verb === 'create' ? allow : silent
  if (subresource !== '') return silent
  switch (verb) {
    case 'get':
      return ifRelated('pod', node, attributes, relations)
    case 'list':
    case 'watch':
      if (selectsNode(attributes, 'spec.nodeName', node)) return allow
      if (name !== '') return related('pod', node, attributes, relations)
      return because('can only list/watch pods with spec.nodeName field selector')
    case 'create':
    case 'delete':
      return allow
    default:
      return silent
  }
}

const rules: { readonly [resource: string]: Rule } = {
  '/secrets': readNamespaced('secret'),
  '/configmaps': readNamespaced('configmap'),
  '/persistentvolumeclaims': claims,
  '/persistentvolumes': get('pv'),
  '/serviceaccounts': serviceAccounts,
  '/nodes': nodes,
  '/pods': pods,
  'resource.k8s.io/resourceclaims': get('resourceclaim'),
  'resource.k8s.io/resourceslices': resourceSlices,
  'storage.k8s.io/volumeattachments': get('volumeattachment'),
  'storage.k8s.io/csinodes': csiNodes,
  'coordination.k8s.io/leases': leases,
  'certificates.k8s.io/podcertificaterequests': () => silent,
}
