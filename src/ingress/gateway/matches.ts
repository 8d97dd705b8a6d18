import { isExpression, isLine, isName } from '../ingress/annotations.ts'
import { literalExpression } from '../haproxy/words.ts'
import type { Condition, Match, PathMatch } from '../model/routing.ts'
import type { GRPCRouteMatch, HTTPRouteMatch, NamedMatch } from './types.ts'

/** What HTTPRoutes match; why it can't be matched as text. */
export function httpMatch({ path, headers, queryParams, method }: HTTPRouteMatch): Match | string {
  const { type = 'PathPrefix', value = '/' } = path ?? {}
  const pathMatch: PathMatch =
    type === 'RegularExpression'
      ? { type: 'regex', value: whole(value) }
      : { type: type === 'Exact' ? 'exact' : 'prefix', value }
  return checked({
    path: pathMatch,
    ...(method === undefined ? {} : { method }),
    conditions: [...conditions('header', headers), ...conditions('query', queryParams)],
  })
}

/** The same of GRPCRoutes: a call is a POST to `/service/method`. */
export function grpcMatch({ method, headers }: GRPCRouteMatch): Match | string {
  return checked({ path: grpcPath(method), conditions: conditions('header', headers) })
}

function grpcPath({ type = 'Exact', service, method }: NonNullable<GRPCRouteMatch['method']> = {}): PathMatch {
  if (service === undefined && method === undefined) return { type: 'prefix', value: '/' }
  if (type === 'Exact' && service !== undefined) {
    return method === undefined
      ? { type: 'prefix', value: `/${service}` }
      : { type: 'exact', value: `/${service}/${method}` }
  }
  const part = (text: string | undefined): string =>
    text === undefined ? '[^/]+' : type === 'Exact' ? literalExpression(text) : `(?:${text})`
  return { type: 'regex', value: `^/${part(service)}/${part(method)}$` }
}

function conditions(of: Condition['of'], matches: readonly NamedMatch[] = []): Condition[] {
  const seen = new Set<string>()
  return matches.flatMap(({ type = 'Exact', name, value }) => {
    // Of several for one name the first counts; names of headers have no case.
    const key = of === 'header' ? name.toLowerCase() : name
    if (seen.has(key)) return []
    seen.add(key)
    return [
      { of, name, ...(type === 'Exact' ? { type: 'exact', value } : { type: 'regex', value: whole(value) }) } as const,
    ]
  })
}

const whole = (expression: string): string => `^(?:${expression})$`

function checked(match: Match): Match | string {
  const { path, conditions: all } = match
  if (path.type === 'regex' ? !isExpression(path.value) : !isLine(path.value))
    return `path ${path.value} is not supported`
  for (const { name, type, value } of all) {
    if (!isName(name)) return `name ${name} is not supported`
    if (type === 'regex' ? !isExpression(value) : !isLine(value)) return `value of ${name} is not supported`
  }
  return match
}
