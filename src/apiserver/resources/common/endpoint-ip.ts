import { invalidValue, parseIP } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** An address that traffic can be sent to from other machines. */
export function validateEndpointIP(address: string, at: Path): readonly FieldError[] {
  const bytes = parseIP(address)
  if (!bytes) return [invalidValue(at, address, 'must be a valid IP address')]
  const [a = 0, b = 0, c = 0] = bytes
  const is4 = bytes.length === 4
  const zeros = (count: number): boolean => bytes.subarray(0, count).every((byte) => byte === 0)
  const rules: readonly (readonly [boolean, string])[] = [
    [zeros(bytes.length), `may not be unspecified (${address})`],
    [is4 ? a === 127 : zeros(15) && bytes[15] === 1, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
    [
      is4 ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80,
      'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ],
    [
      is4 ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 0x02,
      'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    ],
  ]
  return rules.filter(([broken]) => broken).map(([, why]) => invalidValue(at, address, why))
}
