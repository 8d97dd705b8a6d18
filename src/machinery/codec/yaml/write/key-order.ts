const isDigit = (character: string | undefined): boolean => character !== undefined && /^\p{Nd}$/u.test(character)
const isLetter = (character: string): boolean => /^\p{L}$/u.test(character)

/** Order of keys: letters after everything else, and numbers by their value. */
export function compareKeys(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length)
  let at = 0
  while (at < shorter && left.charCodeAt(at) === right.charCodeAt(at)) at++
  if (at === shorter) return left.length - right.length
  return compareAscii(left, right, at) ?? compareCharacters(left, right)
}

const zero = 0x30
const isAsciiDigit = (code: number): boolean => code >= zero && code <= 0x39
const isAsciiLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
const lastAscii = 0x7f

/** Compares keys that differ from `at` on; `undefined` when what matters is not ASCII. */
function compareAscii(a: string, b: string, at: number): number | undefined {
  const x = a.charCodeAt(at)
  const y = b.charCodeAt(at)
  if (x > lastAscii || y > lastAscii) return undefined
  const isLetterB = isAsciiLetter(y)
  if (isAsciiLetter(x)) return isLetterB ? x - y : 1
  if (isLetterB) return -1
  const endA = endOfDigits(a, at)
  const endB = endOfDigits(b, at)
  // Digits of other scripts count as well.
  if (a.charCodeAt(endA) > lastAscii || b.charCodeAt(endB) > lastAscii) return undefined
  const startsWithZero = x === zero || y === zero
  const begin = startsWithZero ? beginOfDigits(a, at) : at
  if (a.charCodeAt(begin - 1) > lastAscii) return undefined
  // Behind other digits a zero counts.
  const before = begin < at && /[1-9]/.test(a.slice(begin, at)) ? '1' : ''
  return Number(before + a.slice(at, endA)) - Number(before + b.slice(at, endB)) || endA - endB || x - y
}

function beginOfDigits(text: string, end: number): number {
  let at = end
  while (isAsciiDigit(text.charCodeAt(at - 1))) at--
  return at
}

function endOfDigits(text: string, from: number): number {
  let at = from
  while (isAsciiDigit(text.charCodeAt(at))) at++
  return at
}

function compareCharacters(left: string, right: string): number {
  const a = Array.from(left)
  const b = Array.from(right)
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x = '', y = ''] = [a[i], b[i]]
    if (x === y) continue
    const letters = [isLetter(x), isLetter(y)]
    if (letters[0] && letters[1]) return order(x, y)
    if (letters[0] || letters[1]) return letters[1] ? -1 : 1
    return compareNumbers(a, b, i)
  }
  return a.length - b.length
}

function compareNumbers(a: readonly string[], b: readonly string[], from: number): number {
  let [x, y] = [0, 0]
  if (a[from] === '0' || b[from] === '0') {
    // Behind other digits a zero counts.
    for (let j = from - 1; j >= 0 && isDigit(a[j]); j--) {
      if (a[j] === '0') continue
      x = 1
      y = 1
      break
    }
  }
  let i = from
  let j = from
  for (; isDigit(a[i]); i++) x = x * 10 + Number(a[i])
  for (; isDigit(b[j]); j++) y = y * 10 + Number(b[j])
  return x - y || i - j || order(a[from] ?? '', b[from] ?? '')
}

const order = (a: string, b: string): number => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)
