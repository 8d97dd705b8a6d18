import {
  byteLength,
  invalidValue,
  isCIdentifier,
  isDNS1123Label,
  isDNS1123Subdomain,
  isLabelValue,
  nameIsDNSSubdomain,
  required,
  tooLong,
  named,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateCSIDriverName } from '../storage/csi-driver-name.ts'

const maxPoolName = 253
const maxIdentifier = 32

/** Longest name of an attribute or a capacity: domain, slash, identifier. */
export const maxQualifiedName: number = 63 + 1 + maxIdentifier

export { validateCSIDriverName as validateDriverName }

export const validateLabel = (name: string, at: Path): readonly FieldError[] =>
  isDNS1123Label(name).map((problem) => invalidValue(at, name, problem))

export const validateLabelValue = (value: string, at: Path): readonly FieldError[] =>
  isLabelValue(value).map((problem) => invalidValue(at, value, problem))

export const validateNodeName = (name: string, at: Path): readonly FieldError[] =>
  nameIsDNSSubdomain(name, false).map((problem) => invalidValue(at, name, problem))

export function validateDeviceClassName(name: string, at: Path): readonly FieldError[] {
  if (name === '') return [required(at)]
  return isDNS1123Subdomain(name).map((problem) => invalidValue(at, name, problem))
}

/** Subdomains with slashes between them. */
export function validatePoolName(name: string, at: Path): readonly FieldError[] {
  if (name === '') return [required(at)]
  return [
    ...(byteLength(name) > maxPoolName ? [tooLong(at, maxPoolName)] : []),
    ...name.split('/').flatMap((part) => isDNS1123Subdomain(part).map((problem) => invalidValue(at, part, problem))),
  ]
}

/** An identifier, of the driver's own or in a domain. */
export function validateQualifiedName(name: string, at: Path): readonly FieldError[] {
  const [first = '', second, ...more] = name.split('/')
  if (more.length > 0) return []
  if (second === undefined) return validateIdentifier(first, at)
  return [
    ...(first === '' ? [invalidValue(at, '', 'the domain must not be empty')] : validateCSIDriverName(first, at)),
    ...(second === '' ? [invalidValue(at, '', 'the name must not be empty')] : validateIdentifier(second, at)),
  ]
}

export function validateFullyQualifiedName(name: string, at: Path): readonly FieldError[] {
  const errors = validateQualifiedName(name, at)
  if (name.includes('/')) return errors
  const why = 'a fully qualified name must be a domain and a name separated by a slash'
  return [...errors, invalidValue(at, named(name), why)]
}

function validateIdentifier(name: string, at: Path): readonly FieldError[] {
  return [
    ...(byteLength(name) > maxIdentifier ? [tooLong(at, maxIdentifier)] : []),
    ...isCIdentifier(name).map((problem) => invalidValue(at, name, problem)),
  ]
}

const hex = '[0-9a-fA-F]'
const uuid = new RegExp(`^${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}$`)

/** A UUID in its one normal form. */
export function validateUID(uid: string, at: Path): readonly FieldError[] {
  const problem = uidProblem(uid)
  if (problem !== undefined) return [invalidValue(at, uid, `error validating uid: ${problem}`)]
  if (uid.length === 36 && uid === uid.toLowerCase()) return []
  const why =
    'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters'
  return [invalidValue(at, uid, why)]
}

/** Forms that can be read, though only one of them will do. */
function uidProblem(uid: string): string | undefined {
  const malformed = 'invalid UUID format'
  switch (byteLength(uid)) {
    case 36:
      return uuid.test(uid) ? undefined : malformed
    case 45:
      if (!uid.toLowerCase().startsWith('urn:uuid:')) return `invalid urn prefix: ${JSON.stringify(uid.slice(0, 9))}`
      return uuid.test(uid.slice(9)) ? undefined : malformed
    case 38:
      if (!uid.startsWith('{') || !uid.endsWith('}')) return 'invalid bracketed UUID format'
      return uuid.test(uid.slice(1, -1)) ? undefined : malformed
    case 32:
      return new RegExp(`^${hex}{32}$`).test(uid) ? undefined : malformed
    default:
      return `invalid UUID length: ${byteLength(uid)}`
  }
}
