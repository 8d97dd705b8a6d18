import { quote } from '../../errors/quote.ts'
import { CelError } from '../error.ts'
import type { Opaque } from '../values/values.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'

class Semver implements Opaque {
  readonly opaque = 'kubernetes.Semver'
  readonly numbers: readonly bigint[]
  readonly before: readonly string[]

  constructor(numbers: readonly bigint[], before: readonly string[]) {
    this.numbers = numbers
    this.before = before
  }

  equals(other: Opaque): boolean {
    return other instanceof Semver && compareVersions(this, other) === 0
  }
}

/** By numbers, then by what stands behind the dash (Semantic Versioning 2.0.0, 11). */
function compareVersions(a: Semver, b: Semver): number {
  for (let index = 0; index < 3; index++) {
    const [left = 0n, right = 0n] = [a.numbers[index], b.numbers[index]]
    if (left !== right) return left < right ? -1 : 1
  }
  if (a.before.length === 0 || b.before.length === 0) return Math.sign(b.before.length - a.before.length)
  for (let index = 0; index < Math.min(a.before.length, b.before.length); index++) {
    const order = compareParts(a.before[index] ?? '', b.before[index] ?? '')
    if (order !== 0) return order
  }
  return Math.sign(a.before.length - b.before.length)
}

function compareParts(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (left && right) return Math.sign(Number(BigInt(a) - BigInt(b)))
  if (left !== right) return left ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

const strict =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-.]+)?$/
const loose = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-.]+)?$/

function read(text: string, normalize = false): Semver | undefined {
  const match = (normalize ? loose : strict).exec(text.trim())
  if (!match) return undefined
  const numbers = [match[1], match[2], match[3]].map((part) => BigInt(part ?? 0))
  return new Semver(numbers, match[4]?.split('.') ?? [])
}

/** The value that a semantic version is in an expression; `undefined` where the text is none. */
export function versionValue(text: string): Opaque | undefined {
  return read(text)
}

function problemOf(text: string): string {
  const [major = '', minor, rest] = text.split(/\.(?=[^]*)/, 3)
  if (minor === undefined || rest === undefined) return 'No Major.Minor.Patch elements found'
  const parts = {
    Major: major,
    Minor: minor,
    Patch: text
      .split('.')
      .slice(2)
      .join('.')
      .replace(/[-+].*$/s, ''),
  }
  for (const [name, part] of Object.entries(parts)) {
    if (!/^\d+$/.test(part)) return `Invalid character(s) found in ${name.toLowerCase()} number ${quote(part)}`
    if (part.length > 1 && part.startsWith('0')) return `${name} number must not contain leading zeroes ${quote(part)}`
  }
  return 'No Major.Minor.Patch elements found'
}

function versionOf(text: string, normalize?: boolean): Semver {
  const version = read(text, normalize)
  if (!version) throw new CelError(problemOf(text))
  return version
}

const type = 'kubernetes.Semver'

/** Kubernetes' library of semantic versions. */
export const versionFunctions: readonly Overload[] = [
  global('semver', ['string'], type, versionOf),
  global('semver', ['string', 'bool'], type, versionOf),
  global('isSemver', ['string'], 'bool', (text: string) => read(text) !== undefined),
  global(
    'isSemver',
    ['string', 'bool'],
    'bool',
    (text: string, normalize: boolean) => read(text, normalize) !== undefined,
  ),
  member('major', [type], 'int', ({ numbers }: Semver) => numbers[0] ?? 0n),
  member('minor', [type], 'int', ({ numbers }: Semver) => numbers[1] ?? 0n),
  member('patch', [type], 'int', ({ numbers }: Semver) => numbers[2] ?? 0n),
  member('compareTo', [type, type], 'int', (a: Semver, b: Semver) => BigInt(compareVersions(a, b))),
  member('isLessThan', [type, type], 'bool', (a: Semver, b: Semver) => compareVersions(a, b) < 0),
  member('isGreaterThan', [type, type], 'bool', (a: Semver, b: Semver) => compareVersions(a, b) > 0),
]
