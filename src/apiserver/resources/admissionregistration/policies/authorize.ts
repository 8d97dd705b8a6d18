import type { ParamKind, ParamRef, ValidatingAdmissionPolicy } from '#api/admissionregistration/v1'
import type { UserInfo } from '#client'
import { fieldForbidden, JsonError, parseGroupVersion, Path } from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { privilegedGroup } from '../../../authz/builtin.ts'
import type { RequestContext } from '../../../request/context.ts'
import { refusalsOf, refuse } from '../../common/refusals.ts'

/** The errors of an object, or else what it was refused for. */
export function orRefusal(object: KubeObject, errors: readonly FieldError[]): readonly FieldError[] {
  return errors.length > 0 ? errors : refusalsOf(object)
}

interface Policy extends KubeObject {
  readonly spec: { readonly paramKind?: ParamKind }
}

interface Binding extends KubeObject {
  readonly spec: { readonly policyName?: string; readonly paramRef?: ParamRef }
}

interface Params {
  readonly group: string
  readonly version: string
  readonly resource: string
  /** What could not be found out, for the message. */
  readonly unknown?: 'version' | 'resource'
}

const anything: Params = { group: '*', version: '*', resource: '*' }

function paramsOf({ apiVersion = '', kind = '' }: ParamKind, { services }: RequestContext): Params {
  try {
    const { group, version } = parseGroupVersion(apiVersion)
    const endpoint = services.resources.ofKind(group, version, kind)
    if (!endpoint) return { group, version, resource: '*', unknown: 'resource' }
    return { group, version, resource: endpoint.plural }
  } catch (error) {
    if (error instanceof JsonError) return { ...anything, unknown: 'version' }
    throw error
  }
}

async function mayRead(
  params: Params,
  verb: 'get' | 'list',
  name: string,
  namespace: string,
  { user, info, services }: RequestContext,
): Promise<boolean> {
  if (user.groups.includes(privilegedGroup)) return true
  const { group, version, resource } = params
  const attributes = { user, verb, isResource: true, path: info.path, group, version, resource, namespace, name }
  const decision = await services.authorizer.authorize({ ...attributes, subresource: '' })
  return decision.verdict === 'allow'
}

/** As upstream's messages print a user. */
function printedUser({ name, uid = '', groups, extra = {} }: UserInfo): string {
  const pairs = Object.keys(extra)
    .toSorted()
    .map((key) => `${key}:[${(extra[key] ?? []).join(' ')}]`)
  return `&{${name} ${uid} [${groups.join(' ')}] map[${pairs.join(' ')}]}`
}

/** Whoever names the kind of parameters must be able to read all objects of it. */
export async function checkPolicy(policy: Policy, old: Policy | undefined, context: RequestContext): Promise<void> {
  const { paramKind } = policy.spec
  if (!paramKind) return
  const before = old?.spec.paramKind
  if (before && before.apiVersion === paramKind.apiVersion && before.kind === paramKind.kind) return
  if (await mayRead(paramsOf(paramKind, context), 'get', '*', '*', context)) return
  const { kind = '', apiVersion = '' } = paramKind
  const why = `user ${printedUser(context.user)} must have "get" permission on all objects of the referenced paramKind (kind=${kind}, apiVersion=${apiVersion})`
  refuse(policy, [fieldForbidden(Path.of('spec', 'paramKind'), why)])
}

/** Whoever names the parameters of a policy must be able to read them. `plural` is that of the policies. */
export async function checkBinding(plural: string, binding: Binding, context: RequestContext): Promise<void> {
  const { paramRef, policyName = '' } = binding.spec
  if (!paramRef) return
  const group = 'admissionregistration.k8s.io'
  const policy = context.services.peek<ValidatingAdmissionPolicy>(group, plural, '', policyName)
  const params = policy?.spec.paramKind ? paramsOf(policy.spec.paramKind, context) : anything
  const verb = paramRef.name ? 'get' : 'list'
  if (await mayRead(params, verb, paramRef.name ?? '', paramRef.namespace ?? '', context)) return
  const user = printedUser(context.user)
  const without = `user ${user} does not have "${verb}" permission`
  const everything = `${without} for all groups, versions and resources`
  const { apiVersion = '', kind = '' } = policy?.spec.paramKind ?? {}
  const why = !policy
    ? `unable to get policy ${policyName} to determine minimum required permissions and ${everything}`
    : params.unknown === undefined
      ? `${without} on the object referenced by paramRef`
      : `unable to ${params.unknown === 'version' ? 'parse' : 'resolve'} paramKind &{${apiVersion} ${kind}} to determine minimum required permissions and ${everything}`
  refuse(binding, [fieldForbidden(Path.of('spec', 'paramRef'), why)])
}
