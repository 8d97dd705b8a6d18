import { byteLength } from '../text/length.ts'
import { maxBytesError, maxLengthError, namePattern } from './messages.ts'
import type { NamePattern } from './messages.ts'

/** Each check returns what is wrong with a value, in the words of the API; nothing when it is right. */
export type Problems = readonly string[]

const none: Problems = []

const labelFormat = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const underscoreFormat = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const subdomainFormat = `${labelFormat}(\\.${labelFormat})*`

const label = namePattern(
  labelFormat,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  'my-name',
  '123-abc',
)
const subdomain = namePattern(
  subdomainFormat,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  'example.com',
)
const underscoreSubdomain = namePattern(
  `${underscoreFormat}(\\.${underscoreFormat})*`,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  'example.com',
)
const dns1035Label = namePattern(
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  'my-name',
  'abc-123',
)
const wildcardSubdomain = namePattern(
  `\\*\\.${subdomainFormat}`,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  '*.example.com',
)

const maxLabel = 63
const maxSubdomain = 253

function check(value: string, pattern: NamePattern, max: number, tooLong: (max: number) => string): Problems {
  // What matches is ASCII.
  if (value.length <= max && pattern.regex.test(value)) return none
  return [...(byteLength(value) > max ? [tooLong(max)] : []), ...(pattern.regex.test(value) ? [] : [pattern.error])]
}

/** A label of DNS by RFC 1123: namespaces, containers. */
export function isDNS1123Label(value: string): Problems {
  const problems = check(value, label, maxLabel, maxLengthError)
  if (problems.length === 0) return problems
  const dotted = problems.includes(label.error) && subdomain.regex.test(value)
  return dotted ? problems.map((problem) => (problem === label.error ? 'must not contain dots' : problem)) : problems
}

/** Labels joined by dots: the names of most objects. */
export const isDNS1123Subdomain = (value: string): Problems => check(value, subdomain, maxSubdomain, maxLengthError)

export const isDNS1123SubdomainWithUnderscore = (value: string): Problems =>
  check(value, underscoreSubdomain, maxSubdomain, maxLengthError)

/** A label of DNS by RFC 1035, which begins with a letter: services. */
export const isDNS1035Label = (value: string): Problems => check(value, dns1035Label, maxLabel, maxLengthError)

/** `*.` and a subdomain. */
export const isWildcardDNS1123Subdomain = (value: string): Problems =>
  check(value, wildcardSubdomain, maxSubdomain, maxLengthError)

/** {@link isDNS1123Subdomain} with limits told in bytes, as it is said of parts of other names. */
export const isSubdomainPart = (value: string): Problems => check(value, subdomain, maxSubdomain, maxBytesError)
