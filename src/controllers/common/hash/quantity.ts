const form = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/
const exponents: { readonly [suffix: string]: number } = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const int64 = 2n ** 63n
const nil = '(*inf.Dec)<nil>'

/**
 * What a parsed quantity looks like inside, in Go. Small ones are an integer and a decimal scale, and keep their text
 * where it is canonical; large ones are a big decimal. Texts that come from the API are canonical.
 */
export function dumpQuantity(text: string): string {
  if (text === '0') return print(0n, 0, nil, '0', 'DecimalSI')
  const [, sign = '', whole = '', fraction = '', suffix = ''] = form.exec(text) ?? []
  const number = whole.replace(/^0+/, '')
  const denominator = fraction.replace(/0+$/, '')
  const digits = `${number}${denominator}` || '0'
  const power = binary.indexOf(suffix)
  const isBinary = power > 0
  const decimal = exponents[suffix]
  const exponent = isBinary ? power * 10 : (decimal ?? Number(suffix.slice(1)))
  const format = isBinary ? 'BinarySI' : decimal === undefined ? 'DecimalExponent' : 'DecimalSI'
  const precision = isBinary
    ? denominator === ''
      ? 15 - number.length - Math.trunc(Math.fround(exponent * 3) / 10) - 1
      : -1
    : 18 - number.length - denominator.length
  const scale = (isBinary ? 0 : exponent) - denominator.length
  const value = BigInt(digits)
  const result = isBinary ? value << BigInt(exponent) : value
  if (precision >= 0 && scale >= -9 && result < int64) {
    const kept = isBinary ? (value & 7n) !== 0n : scale % 3 === 0 && !digits.endsWith('000') && digits[0] !== '0'
    return print(sign === '-' ? -result : result, scale, nil, kept ? text : '', format)
  }
  return big(sign, result, scale, format)
}

function print(value: bigint, scale: number, dec: string, text: string, format: string): string {
  const amount = `i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}}`
  return `{${amount} d:(resource.infDecAmount){Dec:${dec}} s:(string)${text} Format:(resource.Format)${format}}`
}

/** A big decimal is rounded up to billionths, and written as so many of them. */
function big(sign: string, unscaled: bigint, scale: number, format: string): string {
  const shift = scale + 9
  const unit = 10n ** BigInt(Math.abs(shift))
  const billionths = shift >= 0 ? unscaled * unit : (unscaled + unit - 1n) / unit
  const capped = format === 'BinarySI' && billionths > (int64 - 1n) * 10n ** 9n
  const words: bigint[] = []
  for (let rest = capped ? int64 - 1n : billionths; rest > 0n; rest >>= 64n) words.push(rest & (2n ** 64n - 1n))
  const integer = `unscaled:(big.Int){neg:(bool)${sign === '-'} abs:(big.nat)[${words.join(' ')}]}`
  return print(0n, 0, `(*inf.Dec){${integer} scale:(inf.Scale)${capped ? 0 : 9}}`, '', format)
}
