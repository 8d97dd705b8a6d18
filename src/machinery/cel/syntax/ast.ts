/** A literal as it stands in the source. */
export type Literal =
  | { readonly kind: 'int' | 'uint'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'null' }

/** Goes through a range and puts a result together: what macros come to. */
export interface Comprehension {
  readonly kind: 'comprehension'
  readonly range: Expression
  readonly variable: string
  /** Where key and value both have names. */
  readonly second?: string
  readonly accumulator: string
  readonly init: Expression
  readonly condition: Expression
  readonly step: Expression
  readonly result: Expression
}

/** A node of an expression. `at` is where errors about it point to, as offset in the source. */
export type Expression = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'identifier'; readonly name: string }
  /** `a.b`, or `has(a.b)` where only its presence is asked for. */
  | { readonly kind: 'select'; readonly operand: Expression; readonly field: string; readonly test: boolean }
  /** `f(a)` or, with a target, `t.f(a)`; operators are calls of functions like `_+_`. */
  | { readonly kind: 'call'; readonly name: string; readonly target?: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly elements: readonly { readonly value: Expression; readonly optional: boolean }[] }
  | { readonly kind: 'map'; readonly entries: readonly MapEntry[] }
  /** `Name{field: value}` */
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly StructField[] }
  | Comprehension
)

export type Call = Extract<Expression, { kind: 'call' }>

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
  if (expression.kind !== 'select' || expression.test) return undefined
  const operand = qualifiedName(expression.operand)
  return operand === undefined ? undefined : `${operand}.${expression.field}`
}

/** Expressions that an expression consists of, in the order in which they stand. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'identifier':
      return []
    case 'select':
      return [expression.operand]
    case 'call':
      return expression.target ? [expression.target, ...expression.args] : expression.args
    case 'list':
      return expression.elements.map(({ value }) => value)
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value])
    case 'struct':
      return expression.fields.map(({ value }) => value)
    case 'comprehension':
      return [expression.range, expression.init, expression.condition, expression.step, expression.result]
  }
}

/** What counts while a comprehension goes on; no source can name it. */
export const accumulatorName = '@result'
/** Stands where a comprehension only names a value. */
export const unusedName = '#unused'
