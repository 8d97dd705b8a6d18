import type { RequestInfo } from '../request/request-info.ts'

const verbs: { readonly [verb: string]: string } = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  apply: 'APPLY',
  // Told apart by their scope.
  delete: 'DELETE',
  deletecollection: 'DELETE',
  connect: 'CONNECT',
  proxy: 'CONNECT',
  // Of paths that are no resources, in lower case.
  head: 'GET',
  post: 'POST',
  put: 'PUT',
}

/** Methods without a meaning are clients' to make up, and share one. */
export const verbLabel = (verb: string): string => verbs[verb] ?? 'other'

const writing = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE'])

/** Whether requests of this verb write. */
export const isMutating = (label: string): boolean => writing.has(label)

/** Subresources that lead out of the server. */
const connecting = new Set(['log', 'exec', 'attach', 'portforward', 'proxy'])

export const isConnecting = (subresource: string): boolean => connecting.has(subresource)

export function scopeLabel({ name, verb, namespace }: RequestInfo): string {
  if (name !== '' || verb === 'create') return 'resource'
  return namespace !== '' ? 'namespace' : 'cluster'
}

/** Empty in earnest. */
export function dryRunLabel(query: URLSearchParams): string {
  if (!query.has('dryRun')) return ''
  return query.getAll('dryRun').every((value) => value === 'All') ? 'All' : 'invalid'
}

/** Paths that are no resources, and what is told of them; other paths are not counted. */
export interface PathLabels {
  readonly component: string
  readonly resource: string
  readonly subresource: string
}

const ofPath = (subresource: string): PathLabels => ({ component: '', resource: '', subresource })
const ofPage = (resource: string): PathLabels => ({ component: 'apiserver', resource, subresource: '' })

const paths: ReadonlyMap<string, PathLabels> = new Map([
  ...['/healthz', '/livez', '/readyz'].map((path) => [path, ofPath(path)] as const),
  ['/openapi/v3', ofPath('openapi/v3')],
  ['/statusz', ofPage('statusz')],
  ['/flagz', ofPage('flagz')],
])
const schema = ofPath('openapi/v3/')

export function pathLabels(path: string): PathLabels | undefined {
  return paths.get(path) ?? (path.startsWith('/openapi/v3/') ? schema : undefined)
}
