import { isList, kindOf } from '../values/values.ts'
import type { Value } from '../values/values.ts'
import { heldSize, sizeOf, traversal } from './sizes.ts'

type Cost = (args: readonly Value[], result: Value, signature: string) => number

/** A tenth for every character. */
const read = (size: number): number => Math.ceil(size * 0.1)
const readFirst: Cost = ([first = null]) => read(sizeOf(first))
const readTwice: Cost = ([first = null]) => Math.ceil(sizeOf(first) * 0.2)
const goThrough: Cost = ([first = null]) => traversal(first)
const matching = (size: number, pattern: number): number => Math.ceil((1 + size) * 0.1) * Math.ceil(pattern * 0.25)

/** Costs of functions, by name, whatever they are called with. Those that cost one are not listed. */
const named: { readonly [name: string]: Cost } = {
  check: () => 350_000,
  isSorted: goThrough,
  sum: goThrough,
  max: goThrough,
  min: goThrough,
  indexOf: goThrough,
  lastIndexOf: goThrough,
  url: readFirst,
  lowerAscii: readFirst,
  upperAscii: readFirst,
  substring: readFirst,
  trim: readFirst,
  'jsonpatch.escapeKey': readFirst,
  replace: readTwice,
  split: readTwice,
  join: (_, result) => Math.ceil(sizeOf(result) * 0.2),
  find: ([text = null, pattern = null]) => matching(sizeOf(text), sizeOf(pattern)),
  findAll: ([text = null, pattern = null]) => matching(sizeOf(text), sizeOf(pattern)),
  cidr: readFirst,
  isIP: readFirst,
  isCIDR: readFirst,
  ip: (args, result, signature) => (signature === '.ip(net.CIDR)' ? 1 : readFirst(args, result, signature)),
  'ip.isCanonical': readTwice,
  quantity: readFirst,
  isQuantity: readFirst,
  semver: readFirst,
  isSemver: readFirst,
  fieldSelector: ([, text = null]) => selectorCost(sizeOf(text)),
  labelSelector: ([, text = null]) => selectorCost(sizeOf(text)),
  containsIP: ([network = null, other = null], _, signature) =>
    read(sizeOf(network) * 2) + (signature.endsWith(',string)') ? read(sizeOf(other)) : 0),
  containsCIDR: ([network = null, other = null], _, signature) =>
    read(sizeOf(network) * 2) + read(sizeOf(network)) + 1 + (signature.endsWith(',string)') ? read(sizeOf(other)) : 0),
  validate: ([format = null, text = null]) =>
    typeof format === 'object' && format !== null && 'patternSize' in format
      ? matching(sizeOf(text), Number(format.patternSize))
      : 1,
}

/** A selector is a list of requirements, each at least two characters long. */
function selectorCost(length: number): number {
  return 10 + Math.ceil(length * 0.1) + Math.ceil(Math.ceil(length * 0.5) * 50)
}

const smaller: Cost = ([a = null, b = null]) => read(Math.min(heldSize(a), heldSize(b)))
const bothSizes: Cost = ([a = null, b = null]) => read(heldSize(a) + heldSize(b))
const heldFirst: Cost = ([first = null]) => read(heldSize(first))
const newList = (size: number, factor = 1): number => Math.floor(size * factor) + 11
const outcome: Cost = (_, result) => newList(result === null ? 1 : heldSize(result))

const compared = (list: Value): number => {
  if (!isList(list) || list.size === 0) return newList(0)
  const kind = kindOf(list.at(0))
  return newList(list.size ** 2, kind === 'string' || kind === 'bytes' ? 2.1 : 2)
}

function bothLists(factor: number): Cost {
  return ([a = null, b = null]) => 1 + sizeOf(a) * sizeOf(b) * factor
}

const comparisons = ['_<_', '_<=_', '_>_', '_>=_']
const texts = ['string', 'bytes']

/** Costs of functions where it is known before the call which of their kind it is. */
const exact = new Map<string, Cost>([
  ['.startsWith(string,string)', heldFirst],
  ['.endsWith(string,string)', heldFirst],
  ['bytes(string)', heldFirst],
  ['string(bytes)', heldFirst],
  ['strings.quote(string)', heldFirst],
  ['.format(string,list)', heldFirst],
  ['@in(A,list)', ([, list = null]) => heldSize(list)],
  ...comparisons.flatMap((name) => texts.map((kind): [string, Cost] => [`${name}(${kind},${kind})`, smaller])),
  ...texts.map((kind): [string, Cost] => [`_+_(${kind},${kind})`, bothSizes]),
  ['.matches(string,string)', ([text = null, pattern = null]) => matching(heldSize(text), heldSize(pattern))],
  ['.contains(string,string)', ([text = null, part = null]) => read(heldSize(text)) * read(heldSize(part))],
  ['sets.contains(list,list)', bothLists(1)],
  ['sets.intersects(list,list)', bothLists(1)],
  ['sets.equivalent(list,list)', bothLists(2)],
  ['.slice(list,int,int)', outcome],
  ['lists.range(int)', outcome],
  ['.reverse(list)', outcome],
  ['.flatten(list)', ([list = null]) => newList(heldSize(list))],
  ['.flatten(list,int)', ([list = null, depth = null]) => newList(heldSize(list), Number(depth))],
  ['.distinct(list)', ([list = null]) => compared(list)],
])

/** Functions that sort have one kind for each type of element. */
const sorts: { readonly [name: string]: Cost } = {
  sort: ([list = null]) => compared(list),
  '@sortByAssociatedKeys': ([, keys = null]) => compared(keys),
}

/** What a call has cost; `signature` is empty where it was not known before which of its kind it is. */
export function callCost(name: string, signature: string, args: readonly Value[], result: Value): number {
  // These ask whatever they compare.
  if (name === '_==_') return isOpaque(args[0]) ? 1 : smaller(args, result, signature)
  if (name === '_!=_') return smaller(args, result, signature)
  const byName = Object.hasOwn(named, name) ? named[name] : undefined
  if (byName) return byName(args, result, signature)
  if (signature === '') return 1
  const sort = Object.hasOwn(sorts, name) ? sorts[name] : exact.get(signature)
  return sort ? sort(args, result, signature) : 1
}

const isOpaque = (value: Value | undefined): boolean => typeof value === 'object' && value !== null && 'opaque' in value
