/** Usages as the certificates API names them, by their bit in the key usage extension (RFC 5280, 4.2.1.3). */
const keyUsageBits: { readonly [usage: string]: number } = {
  signing: 0,
  'digital signature': 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
  'cert sign': 5,
  'crl sign': 6,
  'encipher only': 7,
  'decipher only': 8,
}

/** Extended usages by object identifier, in the order in which they are written. */
const extendedUsages: readonly (readonly [readonly string[], string])[] = [
  [['any'], '2.5.29.37.0'],
  [['server auth'], '1.3.6.1.5.5.7.3.1'],
  [['client auth'], '1.3.6.1.5.5.7.3.2'],
  [['code signing'], '1.3.6.1.5.5.7.3.3'],
  [['email protection', 's/mime'], '1.3.6.1.5.5.7.3.4'],
  [['ipsec end system'], '1.3.6.1.5.5.7.3.5'],
  [['ipsec tunnel'], '1.3.6.1.5.5.7.3.6'],
  [['ipsec user'], '1.3.6.1.5.5.7.3.7'],
  [['timestamping'], '1.3.6.1.5.5.7.3.8'],
  [['ocsp signing'], '1.3.6.1.5.5.7.3.9'],
  [['microsoft sgc'], '1.3.6.1.4.1.311.10.3.3'],
  [['netscape sgc'], '2.16.840.1.113730.4.1'],
]

export interface CertificateUsages {
  /** Bits of the key usage extension, bit 0 first. */
  readonly keyUsage: ReadonlySet<number>
  /** Object identifiers of the extended key usage extension. */
  readonly extended: readonly string[]
  /** Usages that are not known. */
  readonly unrecognized: readonly string[]
}

/** Sorts usages of the certificates API into the two extensions. */
export function certificateUsages(usages: readonly string[]): CertificateUsages {
  const keyUsage = new Set<number>()
  const wanted = new Set<string>()
  const unrecognized: string[] = []
  for (const usage of usages) {
    const bit = keyUsageBits[usage]
    const extended = extendedUsages.find(([names]) => names.includes(usage))
    if (bit !== undefined) keyUsage.add(bit)
    else if (extended) wanted.add(extended[1])
    else unrecognized.push(usage)
  }
  return { keyUsage, extended: extendedUsages.map(([, oid]) => oid).filter((oid) => wanted.has(oid)), unrecognized }
}
