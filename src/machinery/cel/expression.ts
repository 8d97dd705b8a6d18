import { check } from './check/checker.ts'
import { literalIssues } from './check/literals.ts'
import type { Structs, Variables } from './check/checker.ts'
import { estimateCost } from './cost/estimate.ts'
import type { SizeOfPath } from './cost/estimate.ts'
import type { Range } from './cost/range.ts'
import { CelError, issuesText } from './error.ts'
import type { Issue } from './error.ts'
import { compile } from './evaluate/compile.ts'
import type { Meter } from './evaluate/meter.ts'
import { scopeOf } from './evaluate/program.ts'
import type { Program } from './evaluate/program.ts'
import { parse } from './syntax/parser.ts'
import { selects } from './syntax/selects.ts'
import type { CelType } from './types/types.ts'
import type { Value } from './values/values.ts'

/** An expression that is known to make sense. */
export interface CompiledExpression {
  readonly type: CelType
  /** Variables that it looks at. */
  readonly used: ReadonlySet<string>
  /** Whether it asks for a field of a variable: `claims.email`. */
  selects(variable: string, field: string): boolean
  /** @throws CelError, CostError when the meter runs out */
  run(variables: ReadonlyMap<string, Value>, meter: Meter): Value
  /** What it costs at least and at most. `sizeOfPath`: how large values can get that a path from a variable leads to. */
  estimate(sizeOfPath: SizeOfPath): Range
}

/** What keeps an expression from being run: `problems` in it, or that it is sure to fail. */
export interface Uncompiled {
  readonly problems: string
  /** As the API introduces the problems. */
  readonly stage: 'compilation failed' | 'program instantiation failed'
}

export type CompileOutcome = CompiledExpression | Uncompiled

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
  if ('issues' in parsed) return refused(source, parsed.issues)
  const { expression } = parsed
  const checked = check(expression, variables, structs)
  const issues = checked.issues.length > 0 ? checked.issues : literalIssues(expression, checked)
  if (issues.length > 0) return refused(source, issues)
  let program: Program
  try {
    program = compile(expression, checked)
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return { problems: error.message, stage: 'program instantiation failed' }
  }
  return {
    type: checked.type,
    used: checked.used,
    selects: (variable, field) => selects(expression, variable, field),
    run: (values, meter) => program(scopeOf(values, meter)),
    estimate: (sizeOfPath) => estimateCost(expression, checked, sizeOfPath),
  }
}

const refused = (source: string, issues: readonly Issue[]): Uncompiled => ({
  problems: issuesText(source, issues),
  stage: 'compilation failed',
})
