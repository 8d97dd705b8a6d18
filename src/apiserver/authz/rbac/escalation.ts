import type { PolicyRule, RoleRef } from '#api/rbac/v1'
import { aggregate, badRequest, forbidden, notFound, quote } from '#machinery'
import { privilegedGroup } from '../builtin.ts'
import { requireNameParameter } from '../../registry/name-parameter.ts'
import type { RequestContext } from '../../request/context.ts'
import { compactPieces, describeRule, quotedList, uncovered } from './cover.ts'
import { rbacSource } from './source.ts'
import { Subject } from './subject.ts'

const group = 'rbac.authorization.k8s.io'

/** Everything, which only those may hand on who have it. */
const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/**
 * Refuses a role with rights that its writer does not have, unless they may `escalate`.
 *
 * @param aggregates the role collects, or collected, rules of other roles.
 * @throws StatusError Forbidden
 */
export async function checkRole(
  plural: 'roles' | 'clusterroles',
  name: string,
  rules: readonly PolicyRule[],
  aggregates: boolean,
  context: RequestContext,
): Promise<void> {
  if (isPrivileged(context) || (await mayEscalate(context))) return
  const why = escalation(context, context.info.namespace, rules)
  if (why !== undefined) throw forbidden({ group, resource: plural }, name, why)
  if (aggregates && escalation(context, context.info.namespace, fullAuthority) !== undefined) {
    throw forbidden({ group, resource: plural }, name, 'must have cluster-admin privileges to use the aggregationRule')
  }
}

/**
 * Refuses a binding to a role with rights that its writer does not have, unless they may `bind` the role.
 *
 * @throws StatusError Forbidden; NotFound when the role is not there to look at, BadRequest when it can't be
 */
export async function checkBinding(
  plural: 'rolebindings' | 'clusterrolebindings',
  name: string,
  role: RoleRef,
  context: RequestContext,
): Promise<void> {
  const { namespace } = context.info
  if (isPrivileged(context) || (await mayBind(role, namespace, context))) return
  if (role.kind === 'Role' && namespace === '') throw badRequest('Namespace parameter required.')
  if (role.kind === 'Role' || role.kind === 'ClusterRole') requireNameParameter(role.name)
  const rules = rbacSource(context.services).rules(role, namespace)
  if (!rules) throw missingRole(role, context)
  const sources = rules.map(({ source }) => source)
  const why = escalation(context, namespace, sources)
  if (why !== undefined) throw forbidden({ group, resource: plural }, name, why)
}

const isPrivileged = ({ user }: RequestContext): boolean => user.groups.includes(privilegedGroup)

async function mayEscalate({ user, info, services }: RequestContext): Promise<boolean> {
  if (info.group !== group || (info.resource !== 'roles' && info.resource !== 'clusterroles')) return false
  const { namespace, resource, path } = info
  const attributes = { user, verb: 'escalate', isResource: true, path, version: '*', subresource: '' }
  // The name in the path: what is created has none yet.
  const name = info.parts[1] ?? ''
  const decision = await services.authorizer.authorize({ ...attributes, group, resource, namespace, name })
  return decision.verdict === 'allow'
}

async function mayBind(role: RoleRef, namespace: string, { user, info, services }: RequestContext): Promise<boolean> {
  if (role.kind !== 'Role' && role.kind !== 'ClusterRole') return false
  const decision = await services.authorizer.authorize({
    user,
    verb: 'bind',
    isResource: true,
    path: info.path,
    group: role.apiGroup ?? '',
    version: '*',
    resource: role.kind === 'Role' ? 'roles' : 'clusterroles',
    subresource: '',
    namespace,
    name: role.name,
  })
  return decision.verdict === 'allow'
}

/** What the user would hand out without having it, in words; `undefined` when there is nothing. */
function escalation(context: RequestContext, namespace: string, rules: readonly PolicyRule[]): string | undefined {
  const { user, services } = context
  const subject = new Subject(user, rbacSource(services))
  const { rules: own, dangling } = subject.rules(namespace)
  const missing = uncovered(
    own.map(({ source }) => source),
    rules,
  )
  if (missing.length === 0) return undefined
  const descriptions = [...new Set(compactPieces(missing).map(describeRule))].sort()
  const who = `user ${quote(user.name)} (groups=${quotedList(user.groups)})`
  const message = `${who} is attempting to grant RBAC permissions not currently held:\n${descriptions.join('\n')}`
  if (dangling.length === 0) return message
  return `${message}; resolution errors: [${aggregate(dangling.map((role) => missingRole(role, context).message))}]`
}

/** The role is looked for in the name of the request, so it is told of as if it were what the request is about. */
function missingRole({ kind, name }: RoleRef, { info: { resource } }: RequestContext): Error {
  if (kind === 'Role' || kind === 'ClusterRole') return notFound({ group, resource }, name)
  return new Error(`unsupported role reference kind: ${quote(kind)}`)
}
