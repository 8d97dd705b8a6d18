import { accumulatorName, unusedName } from './ast.ts'
import type { Comprehension, Expression, Literal } from './ast.ts'
import { ExpressionIssue } from './lexer.ts'

/** Makes nodes of what a macro comes to: all of them are where the macro is. */
class Nodes {
  readonly at: number

  constructor(at: number) {
    this.at = at
  }

  literal(literal: Literal): Expression {
    return { kind: 'literal', at: this.at, literal }
  }

  flag(value: boolean): Expression {
    return this.literal({ kind: 'bool', value })
  }

  int(value: bigint): Expression {
    return this.literal({ kind: 'int', value })
  }

  name(name: string): Expression {
    return { kind: 'identifier', at: this.at, name }
  }

  get result(): Expression {
    return this.name(accumulatorName)
  }

  list(...elements: readonly Expression[]): Expression {
    return { kind: 'list', at: this.at, elements: elements.map((value) => ({ value, optional: false })) }
  }

  map(): Expression {
    return { kind: 'map', at: this.at, entries: [] }
  }

  call(name: string, ...args: readonly Expression[]): Expression {
    return { kind: 'call', at: this.at, name, args }
  }

  member(name: string, target: Expression, ...args: readonly Expression[]): Expression {
    return { kind: 'call', at: this.at, name, target, args }
  }

  fold(parts: Omit<Comprehension, 'kind' | 'accumulator' | 'result'> & { readonly result?: Expression }): Expression {
    return { kind: 'comprehension', at: this.at, accumulator: accumulatorName, result: this.result, ...parts }
  }

  /** `name` stands for the value, which is computed when it is first asked for. */
  bound(name: string, value: Expression, result: Expression): Expression {
    return {
      kind: 'comprehension',
      at: this.at,
      range: this.list(),
      variable: unusedName,
      accumulator: name,
      init: value,
      condition: this.flag(false),
      step: this.name(name),
      result,
    }
  }
}

interface Loop {
  readonly range: Expression
  readonly variable: string
  readonly second?: string
}

type LoopMacro = (nodes: Nodes, loop: Loop, args: readonly Expression[]) => Expression

const last = (args: readonly Expression[]): Expression => args.at(-1) as Expression

const all: LoopMacro = (nodes, loop, args) =>
  nodes.fold({
    ...loop,
    init: nodes.flag(true),
    condition: nodes.call('@not_strictly_false', nodes.result),
    step: nodes.call('_&&_', nodes.result, last(args)),
  })

const exists: LoopMacro = (nodes, loop, args) =>
  nodes.fold({
    ...loop,
    init: nodes.flag(false),
    condition: nodes.call('@not_strictly_false', nodes.call('!_', nodes.result)),
    step: nodes.call('_||_', nodes.result, last(args)),
  })

const existsOne: LoopMacro = (nodes, loop, args) =>
  nodes.fold({
    ...loop,
    init: nodes.int(0n),
    condition: nodes.flag(true),
    step: nodes.call('_?_:_', last(args), nodes.call('_+_', nodes.result, nodes.int(1n)), nodes.result),
    result: nodes.call('_==_', nodes.result, nodes.int(1n)),
  })

/** Collects: what `step` adds, for every element that the condition before it, if there is one, lets through. */
function collected(
  nodes: Nodes,
  loop: Loop,
  init: Expression,
  test: Expression | undefined,
  step: Expression,
): Expression {
  const chosen = test ? nodes.call('_?_:_', test, step, nodes.result) : step
  return nodes.fold({ ...loop, init, condition: nodes.flag(true), step: chosen })
}

const testOf = (args: readonly Expression[]): Expression | undefined => (args.length > 1 ? args[0] : undefined)

const map: LoopMacro = (nodes, loop, args) =>
  collected(nodes, loop, nodes.list(), testOf(args), nodes.call('_+_', nodes.result, nodes.list(last(args))))

const filter: LoopMacro = (nodes, loop, args) => {
  const element = nodes.call('_+_', nodes.result, nodes.list({ kind: 'identifier', at: nodes.at, name: loop.variable }))
  return collected(nodes, loop, nodes.list(), last(args), element)
}

const transformMap: LoopMacro = (nodes, loop, args) => {
  const insert = nodes.call('cel.@mapInsert', nodes.result, nodes.name(loop.variable), last(args))
  return collected(nodes, loop, nodes.map(), testOf(args), insert)
}

const transformMapEntry: LoopMacro = (nodes, loop, args) =>
  collected(nodes, loop, nodes.map(), testOf(args), nodes.call('cel.@mapInsert', nodes.result, last(args)))

/** Macros by name and number of arguments, with how many of those name variables. */
const loops: {
  readonly [key: string]: { readonly names: 1 | 2; readonly expand: LoopMacro; readonly misnamed?: string }
} = {
  'all/2': { names: 1, expand: all },
  'exists/2': { names: 1, expand: exists },
  'exists_one/2': { names: 1, expand: existsOne },
  'existsOne/2': { names: 1, expand: existsOne },
  'map/2': { names: 1, expand: map, misnamed: 'argument is not an identifier' },
  'map/3': { names: 1, expand: map, misnamed: 'argument is not an identifier' },
  'filter/2': { names: 1, expand: filter, misnamed: 'argument is not an identifier' },
  'all/3': { names: 2, expand: all },
  'exists/3': { names: 2, expand: exists },
  'exists_one/3': { names: 2, expand: existsOne },
  'existsOne/3': { names: 2, expand: existsOne },
  'transformList/3': { names: 2, expand: map },
  'transformList/4': { names: 2, expand: map },
  'transformMap/3': { names: 2, expand: transformMap },
  'transformMap/4': { names: 2, expand: transformMap },
  'transformMapEntry/3': { names: 2, expand: transformMapEntry },
  'transformMapEntry/4': { names: 2, expand: transformMapEntry },
}

/** A call, or what a macro of that name makes of it. */
export function expandMacro(
  name: string,
  target: Expression | undefined,
  args: readonly Expression[],
  at: number,
): Expression {
  const [first, second] = args
  const nodes = new Nodes(at)
  if (!target) {
    if (name !== 'has' || args.length !== 1 || !first) return nodes.call(name, ...args)
    if (first.kind !== 'select') throw new ExpressionIssue(first.at, 'invalid argument to has() macro')
    return { kind: 'select', at, operand: first.operand, field: first.field, test: true }
  }
  if ((name === 'optMap' || name === 'optFlatMap') && first && second && args.length === 2)
    return optionalMap(nodes, name, target, first, second)
  if (name === 'sortBy' && args.length === 2) return sortBy(nodes, target, args)
  const key = `${name}/${args.length}`
  const macro = Object.hasOwn(loops, key) ? loops[key] : undefined
  if (!macro || !first) return nodes.member(name, target, ...args)
  return loopOf(nodes, macro, target, args)
}

function loopOf(
  nodes: Nodes,
  { names, expand, misnamed = 'argument must be a simple name' }: (typeof loops)[string],
  range: Expression,
  args: readonly Expression[],
): Expression {
  const [first, second] = args as readonly [Expression, Expression]
  const variable = variableOf(first, misnamed)
  if (names === 1) return expand(nodes, { range, variable: notResult(variable, first) }, args.slice(1))
  const other = variableOf(second, misnamed)
  if (variable === other) throw new ExpressionIssue(second.at, `duplicate variable name: ${variable}`)
  const loop = { range, variable: notResult(variable, first), second: notResult(other, second) }
  return expand(nodes, loop, args.slice(2))
}

function notResult(name: string, { at }: Expression): string {
  if (name !== '__result__') return name
  throw new ExpressionIssue(at, 'iteration variable overwrites accumulator variable')
}

function optionalMap(
  nodes: Nodes,
  name: string,
  target: Expression,
  variable: Expression,
  body: Expression,
): Expression {
  const called = variableOf(variable, `${name}() variable name must be a simple identifier`)
  const mapped = nodes.bound(called, nodes.member('value', target), body)
  const result = name === 'optFlatMap' ? mapped : nodes.call('optional.of', mapped)
  return nodes.call('_?_:_', nodes.member('hasValue', target), result, nodes.call('optional.none'))
}

const sortInput = '@__sortBy_input__'
const sortable: readonly Expression['kind'][] = ['list', 'select', 'identifier', 'comprehension', 'call']

/** `list.sortBy(v, key)`: sorted by what the key comes to for each element. */
function sortBy(nodes: Nodes, target: Expression, args: readonly Expression[]): Expression {
  if (!sortable.includes(target.kind)) {
    const message = 'sortBy can only be applied to a list, identifier, comprehension, call or select expression'
    throw new ExpressionIssue(target.at, message)
  }
  const keys = loopOf(nodes, loops['map/2'] as (typeof loops)[string], nodes.name(sortInput), args)
  return nodes.bound(sortInput, target, nodes.member('@sortByAssociatedKeys', nodes.name(sortInput), keys))
}

/** What `cel.bind(name, value, body)` means; `undefined` for any other call. */
export function expandBinding(
  name: string,
  target: Expression,
  [variable, value, body]: readonly Expression[],
  at: number,
): Expression | undefined {
  const isBinding = name === 'bind' && target.kind === 'identifier' && target.name === 'cel'
  if (!isBinding || !variable || !value || !body) return undefined
  const called = variableOf(variable, 'cel.bind() variable names must be simple identifiers')
  return new Nodes(at).bound(called, value, body)
}

function variableOf(expression: Expression, misnamed: string): string {
  if (expression.kind === 'identifier') return expression.name
  throw new ExpressionIssue(expression.at, misnamed)
}
