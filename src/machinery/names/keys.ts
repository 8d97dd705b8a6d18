import { byteLength } from '../text/length.ts'
import { isSubdomainPart } from './dns.ts'
import type { Problems } from './dns.ts'
import { emptyError, maxBytesError, maxLengthError, namePattern } from './messages.ts'
import type { NamePattern } from './messages.ts'

const nameFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const keyName = namePattern(
  nameFormat,
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  'MyName',
  'my.name',
  '123-abc',
)
const labelValue = namePattern(
  `(${nameFormat})?`,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  'MyValue',
  'my_value',
  '12345',
)
const configMapKey = namePattern(
  '[-._a-zA-Z0-9]+',
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  'key.name',
  'KEY_NAME',
  'key-name',
)
const envVarName = namePattern(
  '[-._a-zA-Z][-._a-zA-Z0-9]*',
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  'my.env-name',
  'MY_ENV.NAME',
  'MyEnvName1',
)
const identifier = namePattern(
  '[A-Za-z_][A-Za-z0-9_]*',
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  'my_name',
  'MY_NAME',
  'MyName',
)
const headerName = namePattern(
  '[-A-Za-z0-9]+',
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  'X-Header-Name',
)
const percent = namePattern(
  '[0-9]+%',
  "a valid percent string must be a numeric string followed by an ending '%'",
  '1%',
  '93%',
)

const none: Problems = []
const matches = (value: string, { regex, error }: NamePattern): Problems => (regex.test(value) ? none : [error])

const maxName = 63
const valid = new Map<string, Problems>()
const maxRemembered = 4096

/**
 * A key of labels: a name, maybe after a DNS subdomain and a slash. Called a qualified name elsewhere: annotations,
 * finalizers, resources. Answers are remembered, as objects repeat the same keys.
 */
export function isQualifiedName(value: string): Problems {
  const known = valid.get(value)
  if (known !== undefined) return known
  const problems = problemsOfKey(value)
  if (problems.length === 0) {
    if (valid.size >= maxRemembered) valid.clear()
    valid.set(value, problems)
  }
  return problems
}

function problemsOfKey(value: string): Problems {
  const slash = value.indexOf('/')
  if (slash >= 0 && value.includes('/', slash + 1)) {
    const rule = `a valid label key ${keyName.error}`
    return [`${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const prefix = slash < 0 ? undefined : value.slice(0, slash)
  const name = value.slice(slash + 1)
  const problems: string[] = []
  if (prefix === '') problems.push(`prefix part ${emptyError()}`)
  else if (prefix !== undefined) problems.push(...isSubdomainPart(prefix).map((problem) => `prefix part ${problem}`))
  if (name === '') problems.push(`name part ${emptyError()}`)
  else if (byteLength(name) > maxName) problems.push(`name part ${maxBytesError(maxName)}`)
  if (!keyName.regex.test(name)) problems.push(`name part ${keyName.error}`)
  return problems
}

export function isLabelValue(value: string): Problems {
  // Values that match have a byte for each character.
  if (value === '' || (value.length <= maxName && labelValue.regex.test(value))) return none
  return [...(byteLength(value) > maxName ? [maxBytesError(maxName)] : []), ...matches(value, labelValue)]
}

/** A key of the data of config maps and secrets. */
export function isConfigMapKey(value: string): Problems {
  const max = 253
  if (value.length <= max && configMapKey.regex.test(value) && value[0] !== '.') return none
  return [
    ...(byteLength(value) > max ? [maxLengthError(max)] : []),
    ...matches(value, configMapKey),
    ...dotProblems(value),
  ]
}

export const isEnvVarName = (value: string): Problems => [...matches(value, envVarName), ...dotProblems(value)]

/** The looser rule for the names of environment variables: printable ASCII but `=`. */
export function isRelaxedEnvVarName(value: string): Problems {
  if (value === '') return [`environment variable name ${emptyError()}`]
  if (/^[ -<>-~]*$/.test(value)) return []
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

export const isCIdentifier = (value: string): Problems => matches(value, identifier)
export const isHTTPHeaderName = (value: string): Problems => matches(value, headerName)
export const isPercent = (value: string): Problems => matches(value, percent)

/** Names that would lead out of a directory. */
function dotProblems(value: string): Problems {
  if (value === '.') return ["must not be '.'"]
  if (value === '..') return ["must not be '..'"]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

/** A name that is one segment of a URL path: roles, for instance. */
export function isPathSegmentName(value: string): Problems {
  if (value === '.' || value === '..') return [`may not be '${value}'`]
  return isPathSegmentPrefix(value)
}

/** What may begin a name that is one segment of a URL path. */
export function isPathSegmentPrefix(value: string): Problems {
  return ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`)
}

const integer = 'must be a valid decimal integer in canonical form'

/** A decimal integer without leading zeros and plus sign, of any size. */
export function isDecimalInteger(value: string): Problems {
  if (value === '') return [emptyError()]
  return /^(?:0|-?[1-9][0-9]*)$/.test(value) ? [] : [integer]
}
