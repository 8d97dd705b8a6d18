/** What a request asks for, read from its method, path and query alone. */
export interface RequestInfo {
  readonly path: string
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, `proxy`; the lower-case method for non-resource paths; empty for unknown methods. */
  readonly verb: string
  readonly isResource: boolean
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** Segments after the version and the namespace: resource, name, subresource, and what follows it. */
  readonly parts: readonly string[]
  /** The verb came as a path segment (`/api/v1/watch/pods`). */
  readonly verbInPath: boolean
  /** The path does not say what it is about. */
  readonly unreadable?: true
  /** Selectors as sent; only for verbs on many objects. */
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

const methodVerbs: { readonly [method: string]: string } = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Subresources of namespaces themselves; anything else below a namespace is a resource in it. */
const namespaceSubresources = new Set(['status', 'finalize'])

/**
 * Reads the rules of API paths: `/api/{version}/...` for the core group, `/apis/{group}/{version}/...` for others, both
 * with an optional `namespaces/{namespace}` before the resource.
 */
export function parseRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const segments = splitPath(path)
  const core = segments[0] === 'api'
  if ((!core && segments[0] !== 'apis') || segments.length < (core ? 3 : 4)) return nonResource(method, path)
  const group = core ? '' : (segments[1] ?? '')
  const version = segments[core ? 1 : 2] ?? ''
  let parts = segments.slice(core ? 2 : 3)

  let verb = methodVerbs[method] ?? ''
  const verbInPath = parts[0] === 'watch' || parts[0] === 'proxy'
  if (verbInPath) {
    verb = parts[0] ?? ''
    parts = parts.slice(1)
    if (parts.length === 0) return { ...nonResource(method, path), unreadable: true }
  }

  let namespace = ''
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = parts[1] ?? ''
    if (parts.length > 2 && !namespaceSubresources.has(parts[2] ?? '')) parts = parts.slice(2)
  }
  const resource = parts[0] ?? ''
  let name = parts[1] ?? ''
  const subresource = verb === 'proxy' ? '' : (parts[2] ?? '')

  if (name === '' && verb === 'get') {
    verb = isWatch(query) ? 'watch' : 'list'
    name = nameFromFieldSelector(query.get('fieldSelector'))
  }
  if (name === '' && verb === 'delete') verb = 'deletecollection'

  const base = {
    path,
    verb,
    isResource: true,
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
    parts,
    verbInPath,
  }
  if (verbInPath || !['list', 'watch', 'deletecollection'].includes(verb)) return base
  const fieldSelector = query.get('fieldSelector')
  const labelSelector = query.get('labelSelector')
  return {
    ...base,
    ...(fieldSelector === null ? {} : { fieldSelector }),
    ...(labelSelector === null ? {} : { labelSelector }),
  }
}

function nonResource(method: string, path: string): RequestInfo {
  return {
    path: decoded(path),
    verb: method.toLowerCase(),
    isResource: false,
    group: '',
    version: '',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
    parts: [],
    verbInPath: false,
  }
}

function splitPath(path: string): string[] {
  let start = 0
  let end = path.length
  while (start < end && path[start] === '/') start++
  while (end > start && path[end - 1] === '/') end--
  if (start === end) return []
  const text = decoded(path.slice(start, end))
  const segments: string[] = []
  for (let from = 0; ;) {
    const slash = text.indexOf('/', from)
    segments.push(slash < 0 ? text.slice(from) : text.slice(from, slash))
    if (slash < 0) return segments
    from = slash + 1
  }
}

/** An encoded slash separates as any other. */
function decoded(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** `watch` counts as set unless it says `false` or `0`. */
function isWatch(query: URLSearchParams): boolean {
  const value = query.get('watch')
  return value !== null && !['false', '0'].includes(value.toLowerCase())
}

/** The name a list is narrowed to by `metadata.name=x`, empty when it is not; authorization then asks for that name. */
function nameFromFieldSelector(selector: string | null): string {
  if (selector === null || !selector.includes('metadata.name')) return ''
  for (const term of selector.split(/(?<!\\),/)) {
    const match = /^metadata\.name={1,2}((?:\\[\\,=]|[^\\=!])*)$/.exec(term.trim())
    const name = match?.[1]?.replaceAll(/\\([\\,=])/g, '$1')
    if (name !== undefined && isPathSegment(name)) return name
  }
  return ''
}

function isPathSegment(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('%')
}
