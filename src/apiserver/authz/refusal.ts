import { forbidden, quote } from '#machinery'
import type { StatusError } from '#machinery'
import type { AuthorizationAttributes, Authorizer } from './authorizer.ts'

/** Forbidden, in the words every authorizer's refusal has; `reason` is what the authorizer adds. */
export function refusal(attributes: AuthorizationAttributes, reason: string): StatusError {
  const message = sanitize(sentence(attributes))
  const resource = { group: attributes.group, resource: attributes.resource }
  return forbidden(resource, attributes.name, reason === '' ? message : `${message}: ${reason}`)
}

function sentence(attributes: AuthorizationAttributes): string {
  const { user, verb, path, group, resource, subresource, namespace } = attributes
  if (!attributes.isResource) return `User ${quote(user.name)} cannot ${verb} path ${quote(path)}`
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${quote(namespace)}`
  return `User ${quote(user.name)} cannot ${verb} resource ${quote(what)} in API group ${quote(group)} ${where}`
}

/** The message may end up in a page. */
function sanitize(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The refusal, unless the authorizer allows it. */
export async function mayNot(
  authorizer: Authorizer,
  attributes: AuthorizationAttributes,
): Promise<StatusError | undefined> {
  const { verdict, reason, error } = await authorizer.authorize(attributes)
  if (verdict === 'allow') return undefined
  const why = error === undefined ? reason : reason === '' ? error : `${error}: ${reason}`
  return refusal(attributes, why)
}
