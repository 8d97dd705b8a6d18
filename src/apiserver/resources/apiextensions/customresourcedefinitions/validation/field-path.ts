import type { Schema } from '../../../../customresources/schema/schema.ts'

export type FieldAt = { readonly path: string; readonly schema: Schema } | { readonly fault: string }

/** The field of a schema that a simple JSON path leads to: `.spec.a` or, where that is allowed, `.spec['a']`. */
export function fieldAt(text: string, root: Schema, brackets: boolean): FieldAt {
  const tokens = text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]]+/g) ?? []
  let schema = root
  let path = ''
  const step = (name: string): string | undefined => {
    const { properties, additionalProperties } = schema
    if (properties) {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (!property) return 'does not refer to a valid field'
      schema = property
      path = path === '' ? name : `${path}.${name}`
      return undefined
    }
    if (typeof additionalProperties !== 'object') return 'does not refer to a valid field'
    schema = additionalProperties
    path += `[${name}]`
    return undefined
  }
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at++]
    let name: string | undefined
    if (token === '.') name = tokens[at++]
    else if (token === '[') {
      if (!brackets) return { fault: 'array notation is not allowed' }
      const quoted = tokens[at++] ?? ''
      if (!/^'.*'$/.test(quoted)) return { fault: `expected single quoted string but got ${quoted}` }
      if (tokens[at++] !== ']') return { fault: `expected ] but got ${tokens[at - 1] ?? ''}` }
      name = quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1')
    } else return { fault: `expected [ or . but got: ${token}` }
    if (name === undefined) return { fault: 'unexpected end of JSON path' }
    const fault = step(name)
    if (fault !== undefined) return { fault }
  }
  return { path, schema }
}
