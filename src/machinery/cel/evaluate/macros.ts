import { CelError } from '../error.ts'
import type { Expression } from '../syntax/ast.ts'
import { EntryMap, isList, isMap, listOf } from '../values/values.ts'
import type { Value } from '../values/values.ts'
import { condition, entriesOf } from './program.ts'
import type { Program, Scope } from './program.ts'

type Macro = Extract<Expression, { kind: 'macro' }>

/** Compiles one expression. */
type Compile = (expression: Expression, names: ReadonlySet<string>) => Program

/** What goes through a list or map. */
export function compileMacro(macro: Macro, names: ReadonlySet<string>, compile: Compile): Program {
  const range = compile(macro.range, names)
  const [first = '', second] = macro.variables
  const inner = new Set(names).add(first)
  if (second !== undefined) inner.add(second)
  const body = macro.body.map((one) => compile(one, inner))
  const scopes = function* (scope: Scope): Iterable<readonly [Scope, Value, Value]> {
    const value = range(scope)
    const listed = isList(value)
    for (const [key, content] of entriesOf(value)) {
      scope.meter.add(1)
      // One variable stands for elements of lists and for keys of maps; two for key and value of either.
      const own =
        second === undefined ? scope.with(first, listed ? content : key) : scope.with(first, key).with(second, content)
      yield [own, key, second === undefined && listed ? content : key]
    }
  }
  const [one, two] = body
  const test = body.length === 2 ? one : undefined
  const last = (two ?? one) as Program
  switch (macro.name) {
    case 'all':
      return quantifier(scopes, last, false)
    case 'exists':
      return quantifier(scopes, last, true)
    case 'exists_one':
      return (scope) => {
        let count = 0
        for (const [own] of scopes(scope)) if (condition(last(own))) count++
        return count === 1
      }
    case 'filter':
      return (scope) => {
        const found: Value[] = []
        for (const [own, , element] of scopes(scope)) if (condition(last(own))) found.push(element)
        return listOf(found)
      }
    case 'map':
    case 'transformList':
      return (scope) => {
        const found: Value[] = []
        for (const [own] of scopes(scope)) if (!test || condition(test(own))) found.push(last(own))
        return listOf(found)
      }
    case 'transformMap':
      return (scope) => {
        const found = new EntryMap()
        for (const [own, key] of scopes(scope)) if (!test || condition(test(own))) found.set(key, last(own))
        return found
      }
    case 'transformMapEntry':
      return (scope) => {
        const found = new EntryMap()
        for (const [own] of scopes(scope)) if (!test || condition(test(own))) addAll(found, last(own))
        return found
      }
  }
}

function addAll(into: EntryMap, entries: Value): void {
  if (!isMap(entries)) throw new CelError('no such overload')
  for (const key of entries.keys())
    if (!into.set(key, entries.get(key) ?? null)) throw new CelError('insert failed: key already exists')
}

/** One element that decides outweighs others that fail. */
function quantifier(
  scopes: (scope: Scope) => Iterable<readonly [Scope, Value, Value]>,
  body: Program,
  decisive: boolean,
): Program {
  return (scope) => {
    let failure: unknown
    for (const [own] of scopes(scope)) {
      try {
        if (condition(body(own)) === decisive) return decisive
      } catch (error) {
        if (!(error instanceof CelError) || scope.meter.exceeded) throw error
        failure ??= error
      }
    }
    if (failure !== undefined) throw failure
    return !decisive
  }
}
