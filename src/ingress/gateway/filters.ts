import { isLine, isName } from '../ingress/annotations.ts'
import type { Filter, Mirror, PathMatch, PathRewrite, Redirect } from '../model/routing.ts'
import type { BackendRef, RouteFilter } from './types.ts'

export interface ReadFilters {
  readonly filters: readonly Filter[]
  readonly redirect?: Redirect
  /** Why they can't be worked with. */
  readonly problem?: string
}

/**
 * Filters of a route in the model's words.
 *
 * @param path that leads to them, for what replaces it.
 * @param mirror finds where copies go; nowhere where a reference leads to nothing.
 */
export function readFilters(
  all: readonly RouteFilter[] = [],
  path: PathMatch,
  mirror?: (ref: BackendRef) => Pick<Mirror, 'pool' | 'protocol' | 'tls'> | undefined,
): ReadFilters {
  const filters: Filter[] = []
  let redirect: Redirect | undefined
  for (const filter of all) {
    if (filter.type === 'RequestMirror' && filter.requestMirror && mirror) {
      const { backendRef, percent = 100, fraction } = filter.requestMirror
      const { numerator, denominator = 100 } = fraction ?? { numerator: percent }
      const to = mirror(backendRef)
      if (to && numerator > 0) filters.push({ type: 'mirror', ...to, numerator, denominator })
      continue
    }
    const read = readFilter(filter, path)
    if (read === undefined) return { filters: [], problem: `filter of type ${filter.type} is not supported` }
    if (!isPlain(read))
      return { filters: [], problem: `filter of type ${filter.type} has a name or value that is not supported` }
    if (read.type === 'redirect') redirect = read
    else filters.push(read)
  }
  return redirect ? { filters, redirect: { ...redirect, filters } } : { filters }
}

function readFilter(filter: RouteFilter, path: PathMatch): Exclude<Filter, Mirror> | Redirect | undefined {
  const { type, requestHeaderModifier, responseHeaderModifier, requestRedirect, urlRewrite } = filter
  if (type === 'RequestHeaderModifier' && requestHeaderModifier) {
    return { type: 'request-headers', ...headers(requestHeaderModifier) }
  }
  if (type === 'ResponseHeaderModifier' && responseHeaderModifier) {
    return { type: 'response-headers', ...headers(responseHeaderModifier) }
  }
  if (type === 'URLRewrite' && urlRewrite) {
    const rewrite = rewriteOf(urlRewrite.path, path)
    return {
      type: 'rewrite',
      ...(urlRewrite.hostname === undefined ? {} : { host: urlRewrite.hostname }),
      ...(rewrite ? { path: rewrite } : {}),
    }
  }
  if (type !== 'RequestRedirect' || !requestRedirect) return undefined
  const { scheme, hostname, port, statusCode = 302 } = requestRedirect
  const rewrite = rewriteOf(requestRedirect.path, path)
  return {
    type: 'redirect',
    status: statusCode,
    ...(scheme === undefined ? {} : { scheme }),
    ...(hostname === undefined ? {} : { host: hostname }),
    ...(port === undefined ? {} : { port }),
    ...(rewrite ? { path: rewrite } : {}),
  }
}

const headers = ({ set = [], add = [], remove = [] }: NonNullable<RouteFilter['requestHeaderModifier']>) => ({
  set,
  add,
  remove,
})

function rewriteOf(modifier: NonNullable<RouteFilter['urlRewrite']>['path'], path: PathMatch): PathRewrite | undefined {
  if (!modifier) return undefined
  return modifier.type === 'ReplaceFullPath'
    ? { type: 'full', value: modifier.replaceFullPath ?? '/' }
    : { type: 'prefix', prefix: path.value, value: modifier.replacePrefixMatch ?? '/' }
}

/** Whether nothing in it could be more than it says in the engine's configuration. */
function isPlain(filter: Exclude<Filter, Mirror> | Redirect): boolean {
  if (filter.type === 'rewrite' || filter.type === 'redirect') {
    const { host = '', path } = filter
    return isLine(host) && (!path || isLine(path.value))
  }
  return (
    [...filter.set, ...filter.add].every(({ name, value }) => isName(name) && isLine(value)) &&
    filter.remove.every(isName)
  )
}
