import type { Attributes } from '#base'
import { sourceIPs } from '../audit/source-ips.ts'
import type { RequestContext } from '../request/context.ts'
import { userAgentAttribute } from './scopes.ts'

const names: { readonly [verb: string]: string } = {
  get: 'Get',
  list: 'List',
  create: 'Create',
  update: 'Update',
  patch: 'Patch',
  delete: 'Delete',
  deletecollection: 'Delete',
}

/** What a span is called whose work is that of a verb; watches have none. */
export const verbSpanName = (verb: string): string | undefined => names[verb]

/** What is told of a request where it is served. */
export function verbAttributes({ request, info }: RequestContext, auditId: string): Attributes {
  const { headers, method, path, connection } = request
  const [client = ''] = sourceIPs(request)
  return {
    accept: headers['accept'] ?? '',
    'audit-id': auditId,
    client,
    'api-group': info.group,
    'api-version': info.version,
    name: info.name,
    subresource: info.subresource,
    namespace: info.namespace,
    protocol: connection?.protocol ?? '',
    resource: info.resource,
    scope: info.name !== '' || info.verb === 'create' ? 'resource' : info.namespace === '' ? 'cluster' : 'namespace',
    url: path,
    'user-agent': userAgentAttribute(headers['user-agent'] ?? ''),
    verb: reportedVerb(info.verb, method, headers['content-type']),
  }
}

function reportedVerb(verb: string, method: string, contentType = ''): string {
  if (verb === 'list') return 'LIST'
  return verb === 'patch' && contentType.startsWith('application/apply-patch') ? 'APPLY' : method
}
