/**
 * Whether plain text would be read as something else than text: a number, a truth value, a time, nothing. By the rules of
 * YAML 1.1 as the API's encoder has them.
 */
export function readsAsOther(text: string): boolean {
  if (words.has(text)) return true
  const first = text.charCodeAt(0)
  const isNumeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e
  if (!isNumeric) return false
  return isNumber(text) || isTime(text) || sexagesimal.test(text)
}

const words: ReadonlySet<string> = new Set([
  '',
  '~',
  ...['y', 'yes', 'n', 'no', 'true', 'false', 'on', 'off', 'null'].flatMap((word) => [
    word,
    word.toUpperCase(),
    (word[0] ?? '').toUpperCase() + word.slice(1),
  ]),
  '.nan',
  '.NaN',
  '.NAN',
  ...['', '+', '-'].flatMap((sign) => ['.inf', '.Inf', '.INF'].map((infinity) => sign + infinity)),
])

const sexagesimal = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const integer = /^[-+]?(?:0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9]\d*)$/

function isNumber(text: string): boolean {
  // A number that begins with a point is read as it stands; underscores are for those that begin with a digit or sign.
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '')
  return integer.test(plain) || float.test(plain)
}

const time = /^(\d{4})-(\d\d?)-(\d\d?)(?:([Tt ])(\d\d?):(\d\d?):(\d\d?)(?:\.\d*)?(Z|[-+]\d\d:\d\d)?)?$/

function isTime(text: string): boolean {
  const found = time.exec(text)
  if (!found) return false
  const [, year, month, day, separator, hour = '0', minute = '0', second = '0', zone] = found
  // With a T the zone has to be said, with a space it must not be.
  if (separator !== undefined && (separator === ' ') !== (zone === undefined)) return false
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  const last = new Date(Date.UTC(y, m, 0)).getUTCDate()
  return m >= 1 && m <= 12 && d >= 1 && d <= last && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
}
