/** A literal as it stands in the source. */
export type Literal =
  | { readonly kind: 'int' | 'uint'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'null' }

export type MacroName =
  | 'all'
  | 'exists'
  | 'exists_one'
  | 'map'
  | 'filter'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry'

/** A node of an expression. `at` is where errors about it point to, as offset in the source. */
export type Expression = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'identifier'; readonly name: string }
  /** `a.b`, or `a.?b` when optional. */
  | { readonly kind: 'select'; readonly operand: Expression; readonly field: string; readonly optional: boolean }
  /** `has(a.b)` */
  | { readonly kind: 'has'; readonly operand: Expression; readonly field: string }
  /** `f(a)` or, with a target, `t.f(a)`; operators are calls of functions like `_+_`. */
  | { readonly kind: 'call'; readonly name: string; readonly target?: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly elements: readonly { readonly value: Expression; readonly optional: boolean }[] }
  | { readonly kind: 'map'; readonly entries: readonly MapEntry[] }
  /** `Name{field: value}` */
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly StructField[] }
  /** `range.all(v, body)` and its kin; `v2` where two variables are bound. */
  | {
      readonly kind: 'macro'
      readonly name: MacroName
      readonly range: Expression
      readonly variables: readonly string[]
      readonly body: readonly Expression[]
    }
  /** `a.optMap(v, body)`, `a.optFlatMap(v, body)` */
  | {
      readonly kind: 'optional'
      readonly flat: boolean
      readonly operand: Expression
      readonly variable: string
      readonly body: Expression
    }
  /** `cel.bind(v, value, body)` */
  | { readonly kind: 'bind'; readonly variable: string; readonly value: Expression; readonly body: Expression }
)

export interface MapEntry {
  readonly key: Expression
  readonly value: Expression
  readonly optional: boolean
}

export interface StructField {
  readonly at: number
  readonly name: string
  readonly value: Expression
  readonly optional: boolean
}

/** `a.b.c` as one name, for names of namespaces and types; `undefined` when it is anything else. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name
  if (expression.kind !== 'select' || expression.optional) return undefined
  const operand = qualifiedName(expression.operand)
  return operand === undefined ? undefined : `${operand}.${expression.field}`
}
