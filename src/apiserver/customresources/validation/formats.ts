import { DurationError, isDNS1123Label, isDNS1123Subdomain, parseCIDR, parseDuration, parseIP } from '#machinery'
import { compileRegex } from './regex.ts'

type Format = (text: string) => boolean

/** Compiled when it is first asked for: these take longer than everything else that the module has. */
function pattern(text: string): Format {
  let regex: ReturnType<typeof compileRegex> | undefined
  return (value) => {
    regex ??= compileRegex(text)
    return !(regex instanceof Error) && regex.matcher(value).find()
  }
}

const uuid = (version: string, variant: string): Format =>
  pattern(`(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`)

const hostname = pattern(
  '^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$',
)

/** The time of day: whatever stands before its fraction, and with an offset. */
const timeOfDay = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const date = new Date(Date.UTC(year, month - 1, day))
  date.setUTCFullYear(year)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t')
  const match = timeOfDay.exec(time)
  if (!match || !isDate(date)) return false
  return Number(match[1]) < 24 && Number(match[2]) < 60 && Number(match[3]) < 60
}

const hour = 3_600_000_000_000n
/** Nanoseconds of units, of which the last of each is a beginning: `minutes` is `min`. */
const units: readonly (readonly [names: readonly string[], beginning: string, nanos: bigint])[] = [
  [['ns'], 'nano', 1n],
  [['us', '\u00b5s'], 'micro', 1_000n],
  [['ms'], 'milli', 1_000_000n],
  [['s'], 'sec', 1_000_000_000n],
  [['m'], 'min', 60_000_000_000n],
  [['h', 'hr'], 'hour', hour],
  [['d'], 'day', 24n * hour],
  [['w', 'wk'], 'week', 168n * hour],
]

/**
 * Reads a duration in nanoseconds: as Go writes it, or whole numbers with words for their units, wherever they stand.
 *
 * @throws DurationError
 */
export function parseWordDuration(text: string): bigint {
  try {
    return parseDuration(text)
  } catch (error) {
    if (!(error instanceof DurationError)) throw error
  }
  let total: bigint | undefined
  for (const [, count = '', word = ''] of text.matchAll(/(\d+)\s*([A-Za-z\u00b5]+)/g)) {
    const unit = word.toLowerCase()
    for (const [names, beginning, nanos] of units)
      if (names.includes(unit) || unit.startsWith(beginning)) total = (total ?? 0n) + BigInt(count) * nanos
  }
  if (total === undefined) throw new DurationError(`unable to parse ${text} as duration`)
  return BigInt.asIntN(64, total)
}

function isDuration(text: string): boolean {
  try {
    parseWordDuration(text)
    return true
  } catch (error) {
    if (error instanceof DurationError) return false
    throw error
  }
}

function isISBN10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, '')
  if (!/^\d{9}[\dX]$/.test(digits)) return false
  const sum = digits
    .split('')
    .reduce((total, digit, index) => total + (index + 1) * (digit === 'X' ? 10 : Number(digit)), 0)
  return sum % 11 === 0
}

function isISBN13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, '')
  if (!/^\d{13}$/.test(digits)) return false
  return (
    digits.split('').reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0
  )
}

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]+/g, '')
  const known =
    /^(?:4\d{12}(?:\d{3,6})?|5[1-5]\d{14}|(222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|6(?:011|5\d\d)\d{12,15}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11}|6[27]\d{14})$/
  if (!known.test(digits)) return false
  let sum = 0
  digits
    .split('')
    .reverse()
    .forEach((digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
      sum += value > 9 ? value - 9 : value
    })
  return sum % 10 === 0
}

function isEmail(text: string): boolean {
  const address = /^[^<>]*<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.trim()
  return /^[^\s@<>,;:"()[\]\\]+(?:\.[^\s@<>,;:"()[\]\\]+)*@[^\s@<>,;:"()[\]\\]+$/.test(address)
}

function isRequestURI(text: string): boolean {
  return /^\/|^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) && !/[\s\p{Cc}]/u.test(text) && !/%(?![0-9a-fA-F]{2})/.test(text)
}

/** Formats that values are checked for; any other is a note. */
const formats: { readonly [format: string]: Format } = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text),
  cidr: (text) => parseCIDR(text) !== undefined,
  creditcard: isCreditCard,
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  email: isEmail,
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  hostname: (text) => hostname(text) && text.length <= 255 && text.split('.').every((label) => label.length <= 63),
  ipv4: (text) => text.includes('.') && parseIP(text) !== undefined,
  ipv6: (text) => text.includes(':') && parseIP(text) !== undefined,
  isbn: (text) => isISBN10(text) || isISBN13(text),
  isbn10: isISBN10,
  isbn13: isISBN13,
  k8sshortname: (text) => isDNS1123Label(text).length === 0,
  k8slongname: (text) => isDNS1123Subdomain(text).length === 0,
  mac: (text) =>
    /^(?:[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}|(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4})$/.test(text),
  password: () => true,
  rgbcolor: (text) =>
    /^rgb\(\s*(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*(?:,\s*(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*){2}\)$/.test(text),
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  uri: isRequestURI,
  uuid: uuid('[0-9a-f]', '[0-9a-f]'),
  uuid3: uuid('3', '[0-9a-f]'),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
}

/** The check of a format; names are the same with or without dashes. `undefined` for formats that nobody checks. */
export function formatCheck(format: string | undefined): Format | undefined {
  if (format === undefined || format === '') return undefined
  const name = format.replaceAll('-', '')
  return Object.hasOwn(formats, name) ? formats[name] : undefined
}
