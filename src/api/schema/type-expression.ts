import type { TypeExpression } from './group-version.ts'

/** A parsed {@link TypeExpression}. */
export type ParsedType =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'pointer' | 'list' | 'map'; readonly of: ParsedType }

const prefixes = [
  ['*', 'pointer'],
  ['[]', 'list'],
  ['map[string]', 'map'],
] as const

/** Reads the Go-like notation of field types: `*int32`, `[]core/v1.Container`, `map[string][]string`. */
export function parseTypeExpression(expression: TypeExpression): ParsedType {
  for (const [prefix, kind] of prefixes) {
    if (expression.startsWith(prefix)) return { kind, of: parseTypeExpression(expression.slice(prefix.length)) }
  }
  return { kind: 'named', name: expression }
}
