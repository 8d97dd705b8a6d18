import type { CelType } from '../types/types.ts'
import type { Estimated, SizeOfPath } from './estimate.ts'
import { add, exactly, multiply, times, unknown } from './range.ts'
import type { Range } from './range.ts'

/** What a call costs without its arguments, and how large its result is, as far as that is known. */
export interface CallEstimate {
  readonly cost: Range
  readonly size?: Range
}

interface Called {
  readonly signature: string
  readonly target: Estimated | undefined
  readonly args: readonly Estimated[]
  /** How large a part can get: by the expression, or by the schema. */
  readonly size: (node: Estimated | undefined) => Range
  /** An element of a list, where that is known to be one. */
  readonly element: (node: Estimated) => Estimated | undefined
}

type Estimate = (called: Called) => CallEstimate | undefined

const one = exactly(1)

const readArgument: Estimate = ({ args, size }) => (args.length > 0 ? { cost: times(size(args[0]), 0.1) } : undefined)
const readArgumentAlong: Estimate = ({ args, size }) =>
  args.length === 1 ? { cost: times(size(args[0]), 0.1), size: size(args[0]) } : undefined
const readTarget: Estimate = ({ target, size }) => target && { cost: times(size(target), 0.1), size: size(target) }

/** Goes through a list, or a text. */
const goThrough: Estimate = ({ target, size, element }) => {
  if (!target) return undefined
  const node = element(target)
  if (!node) return { cost: times(size(target), 0.1) }
  const isText = node.type.kind === 'string' || node.type.kind === 'bytes'
  return { cost: multiply(size(target), isText ? add(one, times(size(node), 0.1)) : one) }
}

const matching = (text: Range, pattern: Range): Range => multiply(times(add(text, one), 0.1), times(pattern, 0.25))

const find: Estimate = ({ target, args, size }) => {
  if (!target || args.length === 0) return undefined
  const text = size(target)
  return { cost: matching(text, size(args[0])), size: { min: 0, max: text.max } }
}

const address: Range = { min: 4, max: 16 }
const comparedAddresses = times(add(address, address), 0.1)

const selector: Estimate = ({ args, size }) => {
  if (args.length !== 1) return undefined
  const length = size(args[0])
  return { cost: add(add(exactly(10), times(length, 0.1)), times(times(length, 0.5), 50)) }
}

const replace: Estimate = ({ target, args: [from, to], size }) => {
  if (!target || !from || !to) return undefined
  const [text, old, fresh] = [size(target), size(from), size(to)]
  const most = replaced(text.max, old.min, fresh.max, fresh.max <= old.min)
  const least = replaced(text.min, old.max, fresh.min, old.max <= fresh.min)
  return { cost: times(text, 0.2), size: { min: least, max: most } }
}

/** Size of a text in which all of it that can be is replaced; `keeps`: that does not change it in the wanted direction. */
function replaced(text: number, old: number, fresh: number, keeps: boolean): number {
  // Nothing is between any two characters, and at both ends.
  if (old === 0) return multiplied(text + 1, fresh) + text
  return keeps ? text : multiplied(Math.ceil(text / old), fresh)
}

const multiplied = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

const split: Estimate = ({ target, args, size }) => {
  if (!target) return undefined
  const text = size(target)
  const limit = args[1]?.expression
  const known = limit?.kind === 'literal' && limit.literal.kind === 'int' ? Number(limit.literal.value) : undefined
  // A negative limit is none, and counts as the most that there is.
  const max = known === undefined ? text.max : known < 0 ? Infinity : known
  return { cost: times(text, 0.2), size: { min: 0, max } }
}

const join: Estimate = ({ target, args, size, element }) => {
  if (!target) return undefined
  const list = size(target)
  const node = element(target)
  let text = node ? multiply(list, size(node)) : exactly(0)
  if (args.length > 0)
    text = add(text, multiply(size(args[0]), { min: Math.max(list.min - 1, 0), max: Math.max(list.max - 1, 0) }))
  return { cost: times(text, 0.1), size: text }
}

const newList = (factor: number, size: Range): CallEstimate => ({ cost: add(exactly(11), times(size, factor)), size })

function literalInt(node: Estimated | undefined, otherwise: number): number {
  const expression = node?.expression
  if (expression?.kind !== 'literal' || expression.literal.kind !== 'int') return otherwise
  return Math.max(Number(expression.literal.value), 0)
}

function sorted(node: Estimated | undefined, { size, signature }: Called): CallEstimate | undefined {
  if (!node) return undefined
  return newList(/list<(?:string|bytes)>/.test(signature) ? 2.1 : 2, multiply(size(node), size(node)))
}

/** Costs of functions by name; those of a fixed one are below. */
const named: { readonly [name: string]: Estimate } = {
  check: () => ({ cost: exactly(350_000) }),
  fieldSelector: selector,
  labelSelector: selector,
  isSorted: goThrough,
  sum: goThrough,
  max: goThrough,
  min: goThrough,
  indexOf: goThrough,
  lastIndexOf: goThrough,
  url: readArgumentAlong,
  'jsonpatch.escapeKey': readArgumentAlong,
  lowerAscii: readTarget,
  upperAscii: readTarget,
  substring: readTarget,
  trim: readTarget,
  replace,
  split,
  join,
  find,
  findAll: find,
  cidr: readArgument,
  isIP: readArgument,
  isCIDR: readArgument,
  ip: (called) => (called.signature === '.ip(net.CIDR)' ? { cost: one } : readArgument(called)),
  'ip.isCanonical': ({ args, size }) => ({ cost: times(size(args[0]), 0.2) }),
  containsIP: ({ signature, args, size }) => {
    const read = signature.endsWith(',string)') ? times(size(args[0]), 0.1) : exactly(0)
    return { cost: add(comparedAddresses, read) }
  },
  containsCIDR: ({ signature, args, size }) => {
    const read = signature.endsWith(',string)') ? times(size(args[0]), 0.1) : exactly(0)
    return { cost: add(add(add(comparedAddresses, times(address, 0.1)), one), read) }
  },
  quantity: readArgument,
  isQuantity: readArgument,
  semver: readArgument,
  isSemver: readArgument,
  validate: ({ args, size }) => ({ cost: times(times(size(args[0]), 0.1), 32) }),
  'sets.contains': ({ args: [a, b], size }) => ({ cost: add(one, multiply(size(a), size(b))) }),
  'sets.intersects': ({ args: [a, b], size }) => ({ cost: add(one, multiply(size(a), size(b))) }),
  'sets.equivalent': ({ args: [a, b], size }) => ({ cost: add(one, times(multiply(size(a), size(b)), 2)) }),
  slice: ({ target, args: [from, to], size }) => {
    if (!target) return undefined
    const count = literalInt(to, size(target).max) - literalInt(from, 0)
    // Sizes have no sign: less than nothing is more than anything.
    return newList(1, exactly(count < 0 ? Infinity : count))
  },
  'lists.range': ({ args }) => newList(1, exactly(literalInt(args[0], Infinity))),
  reverse: ({ target, size }) => target && newList(1, size(target)),
  flatten: ({ target, args, size }) =>
    target && newList(args.length > 0 ? literalInt(args[0], Infinity) : 1, size(target)),
  distinct: ({ target, size }) => target && newList(2, multiply(size(target), size(target))),
  sort: (called) => sorted(called.target, called),
  '@sortByAssociatedKeys': (called) => sorted(called.args[0], called),
  '_==_': (called) => opaqueEquality(called) ?? comparison(called),
  '_!=_': (called) => comparison(called),
}

/** What costs one however large anything is. */
const opaque = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
  'kubernetes.authorization.Authorizer',
  'kubernetes.authorization.PathCheck',
  'kubernetes.authorization.GroupCheck',
  'kubernetes.authorization.ResourceCheck',
  'kubernetes.authorization.Decision',
])

function opaqueEquality({ args: [a, b] }: Called): CallEstimate | undefined {
  const [left, right] = [nameOf(a?.type), nameOf(b?.type)]
  if (left === undefined || left !== right) return undefined
  if (opaque.has(left)) return { cost: one }
  if (left === 'kubernetes.NamedFormat') return { cost: { min: 1, max: 7 } }
  if (left === 'kubernetes.URL') return { cost: times({ min: 1, max: b?.size?.max ?? 1 }, 0.1) }
  return undefined
}

const nameOf = (type: CelType | undefined): string | undefined => (type && 'name' in type ? type.name : undefined)

/** As much as there is in the smaller of both. */
function comparison({ args: [a, b] }: Called): CallEstimate {
  const max = Math.min((a?.size ?? unknown).max, (b?.size ?? unknown).max)
  return { cost: times({ min: max > 0 ? 1 : 0, max }, 0.1) }
}

const exact: { readonly [signature: string]: Estimate } = {
  '.format(string,list)': ({ target }) => ({ cost: times(target?.size ?? unknown, 0.1) }),
  'bytes(string)': ({ args }) => {
    const size = args[0]?.size ?? unknown
    return { cost: times(size, 0.1), size: { min: size.min, max: size.max * 4 } }
  },
  'string(bytes)': ({ args }) => {
    const size = args[0]?.size ?? unknown
    return { cost: times(size, 0.1), size: { min: Math.floor(size.min / 4), max: size.max } }
  },
  'strings.quote(string)': ({ args }) => {
    const size = args[0]?.size ?? unknown
    return { cost: times(size, 0.1), size: { min: size.min + 2, max: size.max * 2 + 2 } }
  },
  '.startsWith(string,string)': ({ args }) => ({ cost: times(args[0]?.size ?? unknown, 0.1) }),
  '.endsWith(string,string)': ({ args }) => ({ cost: times(args[0]?.size ?? unknown, 0.1) }),
  '@in(A,list)': ({ args }) => ({ cost: times(args[1]?.size ?? unknown, 1) }),
  '.matches(string,string)': ({ target, args }) => ({
    cost: matching(target?.size ?? unknown, args[0]?.size ?? unknown),
  }),
  '.contains(string,string)': ({ target, args }) => ({
    cost: multiply(times(target?.size ?? unknown, 0.1), times(args[0]?.size ?? unknown, 0.1)),
  }),
}

/** What is known of a call's cost; `undefined`: nothing that a function's name would tell. */
export function estimateCall(
  name: string,
  signature: string,
  target: Estimated | undefined,
  args: readonly Estimated[],
  sizeOfPath: SizeOfPath,
): CallEstimate | undefined {
  const estimate = Object.hasOwn(named, name)
    ? named[name]
    : /^_[<>]=?_\((string|bytes),/.test(signature)
      ? comparison
      : Object.hasOwn(exact, signature)
        ? exact[signature]
        : undefined
  const size = (node: Estimated | undefined): Range => (node && (node.size ?? sizeOfPath(node.path))) ?? unknown
  const element = ({ type, path }: Estimated): Estimated | undefined => {
    const inner = type.kind === 'list' ? type.element : undefined
    return inner && { type: inner, path: path.length > 0 ? [...path, '@items'] : [], size: undefined }
  }
  return estimate?.({ signature, target, args, size, element })
}
