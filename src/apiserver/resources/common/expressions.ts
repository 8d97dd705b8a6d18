import { celTypes, compileExpression, typeName } from '#machinery'
import type { CelType, CompileOptions } from '#machinery'

/** Names that an expression can use, with their types. */
export type Variables = ReadonlyMap<string, CelType>

export interface ExpressionOutcome {
  /** What keeps the expression from making sense; absent where nothing does. */
  readonly problem?: string
  readonly type: CelType
}

/** An object type of which only the given fields can be asked for. */
export function objectType(name: string, fields: { readonly [field: string]: CelType }): CelType {
  const known = new Map(Object.entries(fields))
  return { kind: 'object', name, field: (field) => known.get(field) }
}

/** Compiles an expression to see whether it makes sense. */
export function checkExpression(source: string, variables: Variables, options: CompileOptions = {}): ExpressionOutcome {
  const outcome = compileExpression(source, variables, options)
  if ('problems' in outcome) return { problem: `${outcome.stage}: ${outcome.problems}`, type: celTypes.dyn }
  return { type: outcome.type }
}

/** The type that an expression evaluates to has other names for some types than what keeps expressions from making sense. */
export function resultName(type: CelType): string {
  switch (type.kind) {
    case 'null':
      return 'null_type'
    case 'duration':
      return 'google.protobuf.Duration'
    case 'timestamp':
      return 'google.protobuf.Timestamp'
    case 'list':
      return `list(${resultName(type.element)})`
    case 'map':
      return `map(${resultName(type.key)}, ${resultName(type.value)})`
    default:
      return typeName(type)
  }
}
