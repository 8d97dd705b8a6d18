import { httpRefusal, Refused } from './exchange.ts'

/** Where something answers. */
export interface Place {
  readonly path: string
  /** How many parts may follow the path; none when absent. */
  readonly depth?: readonly number[] | 'any'
  /** Methods that are answered; when absent all are, and only at the path as it stands, without a slash behind it. */
  readonly methods?: readonly string[]
  /** The folder of which it is a part, when that is not the path itself: what else is asked there has no other place. */
  readonly folder?: string
  /** Whether the folder is asked for with a slash behind it, and who leaves that out is sent there. */
  readonly slash?: boolean
  /** The one media type of its answers, where clients must take it. */
  readonly produces?: string
}

/** What a request leads to. `outside` does not depend on who asks: nobody is asked for credentials. */
export type Found<T extends Place> =
  | { readonly kind: 'place'; readonly place: T; readonly parameters: readonly string[] }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'refusal' | 'outside'; readonly refusal: Refused }

const outside = { kind: 'outside', refusal: httpRefusal(404, '404 page not found') } as const

/**
 * Finds the place that answers a request, with the parts of the path that it leaves open.
 *
 * @param path decoded parts of the path
 */
export function find<T extends Place>(
  places: readonly T[],
  method: string,
  path: readonly string[],
  accept: string | undefined,
): Found<T> {
  const whole = `/${path.join('/')}`
  const clean = cleanPath(whole)
  if (clean !== whole) return { kind: 'redirect', location: clean }
  const folder = places.find((place) => place.methods && isIn(folderOf(place), whole))
  if (folder?.slash && whole === folderOf(folder)) return { kind: 'redirect', location: `${whole}/` }
  const asked = folder && whole.endsWith('/') ? whole.slice(0, -1) : whole
  const matches = places.flatMap((place) => {
    const parameters = parametersOf(place, asked)
    return parameters && (folder !== undefined) === (place.methods !== undefined) ? [{ place, parameters }] : []
  })
  if (matches.length === 0) {
    return folder ? { kind: 'refusal', refusal: new Refused(404, '404: Page Not Found') } : outside
  }
  const match = matches.find(({ place }) => place.methods?.includes(method) ?? true)
  if (!match) {
    const allow = [...new Set(matches.flatMap(({ place }) => place.methods ?? []))].toSorted().join(', ')
    return { kind: 'refusal', refusal: new Refused(405, '405: Method Not Allowed', { allow }) }
  }
  const { produces } = match.place
  if (produces !== undefined && !takes(accept, produces)) {
    const text = `406: Not Acceptable\n\nAvailable representations: ${produces}`
    return { kind: 'refusal', refusal: new Refused(406, text) }
  }
  return { kind: 'place', ...match }
}

const folderOf = ({ folder, path }: Place): string => folder ?? path

const isIn = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`)

function parametersOf({ path, depth = [0] }: Place, asked: string): readonly string[] | undefined {
  if (!isIn(path, asked)) return undefined
  const rest = asked === path ? [] : asked.slice(path.length + 1).split('/')
  if (depth === 'any') return rest
  return depth.includes(rest.length) && !rest.includes('') ? rest : undefined
}

/** A path without empty parts and dots, as servers of files want them. */
function cleanPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  const clean = `/${parts.join('/')}`
  return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean
}

function takes(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept === '') return true
  const named = accept.split(',').map((part) => part.split(';')[0]?.trim())
  return named.some((name) => name === '*/*' || name === type)
}
