import { isEmptyMap } from '#base'
import { internalFields } from './fields.ts'

type Values = { readonly [field: string]: unknown }
type Show = (value: unknown) => unknown

interface Shown {
  readonly name: string
  readonly field: string
  readonly show: Show
}

const structs = new Map<string, readonly Shown[]>()

/**
 * A value of the API as messages about changed pods show it: every field, whether set or not, under the name it has inside
 * of the server. `struct` is the name of its type.
 */
export function internalForm(struct: string, value: object | undefined): object {
  const shown: { [name: string]: unknown } = {}
  for (const { name, field, show } of fieldsOf(struct)) {
    const own = show((value as Values | undefined)?.[field])
    if (name === '') Object.assign(shown, own)
    else shown[name] = own
  }
  return shown
}

function fieldsOf(struct: string): readonly Shown[] {
  const known = structs.get(struct)
  if (known) return known
  const declared = internalFields[struct]
  if (declared === undefined) throw new Error(`no internal form of ${struct}`)
  const fields = declared
    .split(', ')
    .filter((text) => text !== '')
    .flatMap((text) => {
      if (text.startsWith('...')) return fieldsOf(text.slice(3))
      const [names = '', type = ''] = text.split(' ')
      const [name = '', field = name.charAt(0).toLowerCase() + name.slice(1)] = names.split('=')
      return [{ name, field, show: showAs(type) }]
    })
  structs.set(struct, fields)
  return fields
}

function showAs(type: string): Show {
  if (type.startsWith('*')) {
    const show = showAs(type.slice(1))
    return (value) => (value === undefined || value === null ? null : show(value))
  }
  if (type.startsWith('[]')) {
    const show = showAs(type.slice(2))
    return (value) => (Array.isArray(value) ? value.map(show) : null)
  }
  if (type.startsWith('{}')) {
    const show = showAs(type.slice(2))
    return (value) => (value === undefined || value === null ? null : showMap(value as Values, show))
  }
  switch (type) {
    case 's':
      return (value) => value ?? ''
    case 'n':
    case 'i':
      return (value) => value ?? 0
    case 'b':
      return (value) => value ?? false
    case 'q':
      return (value) => value ?? '0'
    case 'r':
      return (value) => withSortedMaps((value ?? {}) as Values)
    default:
      return (value) => internalForm(type, value ?? undefined)
  }
}

function showMap(value: Values, show: Show): object {
  const keys = Object.keys(value).toSorted()
  return Object.fromEntries(keys.map((key) => [key, show(value[key])]))
}

const isMap = (one: unknown): one is Values => typeof one === 'object' && one !== null && !Array.isArray(one)
const isNothing = (one: unknown): boolean => (Array.isArray(one) ? one.length === 0 : isEmptyMap(one))

/** Empty lists and maps are left out, also those of what stands in lists. */
function withSortedMaps(value: Values): object {
  const shown = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map((item) => (isMap(item) ? withSortedMaps(item) : item))
    return isMap(one) ? showMap(one, (leaf) => leaf) : one
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !isNothing(one))
      .map(([name, one]) => [name, shown(one)]),
  )
}
