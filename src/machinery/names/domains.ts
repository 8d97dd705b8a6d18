import { invalidValue, required } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import type { Path } from '../field/path.ts'
import { isDNS1123Label, isDNS1123Subdomain } from './dns.ts'
import { isQualifiedName } from './keys.ts'
import { regexError } from './messages.ts'

const pathFormat = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"
const pathRegex = new RegExp(`^${pathFormat}$`)

/** A domain of at least three segments. */
export function isFullyQualifiedName(path: Path, name: string): readonly FieldError[] {
  if (name === '') return [required(path)]
  const problems = isDNS1123Subdomain(name)
  if (problems.length > 0) return [invalidValue(path, name, problems.join(','))]
  if (name.split('.').length >= 3) return []
  return [invalidValue(path, name, 'should be a domain with at least three segments separated by dots')]
}

/** A domain of at least two segments, maybe with a dot at its end. */
export function isFullyQualifiedDomainName(path: Path, value: string): readonly FieldError[] {
  if (value === '') return [required(path)]
  const name = value.endsWith('.') ? value.slice(0, -1) : value
  const problems = isDNS1123Subdomain(name)
  if (problems.length > 0) return [invalidValue(path, name, problems.join(','))]
  const labels = name.split('.')
  if (labels.length < 2) {
    return [invalidValue(path, name, 'should be a domain with at least two segments separated by dots')]
  }
  const wrong = labels.find((label) => isDNS1123Label(label).length > 0)
  return wrong === undefined ? [] : [invalidValue(path, wrong, isDNS1123Label(wrong).join(','))]
}

/** A domain, a slash, and a path: `acme.io/foo`. */
export function isDomainPrefixedPath(path: Path, value: string): readonly FieldError[] {
  if (value === '') return [required(path)]
  const slash = value.indexOf('/')
  const host = value.slice(0, Math.max(0, slash))
  const rest = value.slice(slash + 1)
  if (host === '' || rest === '') {
    return [invalidValue(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  }
  const errors = isDNS1123Subdomain(host).map((problem) => invalidValue(path, host, problem))
  if (!pathRegex.test(rest)) errors.push(invalidValue(path, rest, regexError('Invalid path', pathFormat)))
  return errors
}

/** A domain, a slash, and a name: `acme.io/foo`. */
export function isDomainPrefixedKey(path: Path, value: string): readonly FieldError[] {
  if (value === '') return [required(path)]
  const problems = isQualifiedName(value)
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, value, problem))
  if (value.includes('/')) return []
  return [invalidValue(path, value, 'must be a domain-prefixed key (such as "acme.io/foo")')]
}
