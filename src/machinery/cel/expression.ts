import { check } from './check/checker.ts'
import { constantIssues } from './check/constants.ts'
import type { Structs, Variables } from './check/checker.ts'
import { issuesText } from './error.ts'
import { compile } from './evaluate/compile.ts'
import type { Meter } from './evaluate/meter.ts'
import { Scope } from './evaluate/program.ts'
import { parse } from './syntax/parser.ts'
import type { CelType } from './types/types.ts'
import type { Value } from './values/values.ts'

/** An expression that is known to make sense. */
export interface CompiledExpression {
  readonly type: CelType
  /** Variables that it looks at. */
  readonly used: ReadonlySet<string>
  /** @throws CelError, CostError when the meter runs out */
  run(variables: ReadonlyMap<string, Value>, meter: Meter): Value
}

export type CompileOutcome = CompiledExpression | { readonly problems: string }

export interface CompileOptions {
  /** `cel.bind` names values. */
  readonly bindings?: boolean
  /** Types of objects that expressions may make. */
  readonly structs?: Structs
}

/** Compiles an expression over variables of the given types; `problems` says what keeps it from that, as the API does. */
export function compileExpression(
  source: string,
  variables: Variables,
  { bindings = false, structs }: CompileOptions = {},
): CompileOutcome {
  const parsed = parse(source, bindings)
  if ('issues' in parsed) return { problems: issuesText(source, parsed.issues) }
  const { type, issues, used } = check(parsed.expression, variables, structs)
  const found = issues.length > 0 ? issues : constantIssues(parsed.expression)
  if (found.length > 0) return { problems: issuesText(source, found) }
  const program = compile(parsed.expression, new Set(variables.keys()))
  return { type, used, run: (values, meter) => program(Scope.of(values, meter)) }
}
