/** How a quantity is written: `12e6`, `12Mi` (12 x 2^20) or `12M` (12 x 10^6). */
export type QuantityFormat = 'DecimalExponent' | 'BinarySI' | 'DecimalSI'

export interface Suffix {
  readonly base: 2 | 10
  readonly exponent: number
  readonly format: QuantityFormat
}

const decimal = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const
const binary = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 } as const

const byText: ReadonlyMap<string, Suffix> = new Map([
  ...Object.entries(decimal).map(([text, exponent]): [string, Suffix] => [
    text,
    { base: 10, exponent, format: 'DecimalSI' },
  ]),
  ...Object.entries(binary).map(([text, exponent]): [string, Suffix] => [
    text,
    { base: 2, exponent, format: 'BinarySI' },
  ]),
])

const decimalTexts: ReadonlyMap<number, string> = new Map(Object.entries(decimal).map(([text, power]) => [power, text]))
const binaryTexts: ReadonlyMap<number, string> = new Map(Object.entries(binary).map(([text, power]) => [power, text]))

const maxInt64 = 2n ** 63n - 1n

/** Reads a suffix; `undefined` when there is none such. Exponents wrap at 32 bits, as the API server's do. */
export function suffixOf(text: string): Suffix | undefined {
  const known = byText.get(text)
  if (known !== undefined) return known
  if (!/^[eE][+-]?\d+$/.test(text)) return undefined
  const digits = text.slice(1).replace(/^\+/, '')
  const exponent = BigInt(digits)
  if (exponent > maxInt64 || exponent < -maxInt64 - 1n) return undefined
  return { base: 10, exponent: Number(BigInt.asIntN(32, exponent)), format: 'DecimalExponent' }
}

/** The suffix for 10^`exponent`; empty where the notation has none. */
export function decimalSuffix(exponent: number, format: QuantityFormat): string {
  if (format === 'DecimalSI') return decimalTexts.get(exponent) ?? ''
  return exponent === 0 ? '' : `e${exponent}`
}

/** The suffix for 2^`exponent`; empty where there is none. */
export function binarySuffix(exponent: number): string {
  return binaryTexts.get(exponent) ?? ''
}
