import { readText } from '../der/reader.ts'
import type { DerReader } from '../der/reader.ts'
import { Tag } from '../der/tags.ts'
import { derOid, derSequence, derSet, derText } from '../der/writer.ts'

/** Subject or issuer. The attributes that certificates of a cluster have, and those that a request may bring. */
export interface DistinguishedName {
  readonly commonName?: string
  readonly organizations?: readonly string[]
  readonly organizationalUnits?: readonly string[]
  readonly countries?: readonly string[]
  readonly localities?: readonly string[]
  readonly provinces?: readonly string[]
  readonly streetAddresses?: readonly string[]
  readonly postalCodes?: readonly string[]
  readonly serialNumber?: string
}

type Several = Exclude<keyof DistinguishedName, 'commonName' | 'serialNumber'>
type Single = 'commonName' | 'serialNumber'

/** In the order in which they are written. */
const several: readonly (readonly [Several, string])[] = [
  ['countries', '2.5.4.6'],
  ['organizations', '2.5.4.10'],
  ['organizationalUnits', '2.5.4.11'],
  ['localities', '2.5.4.7'],
  ['provinces', '2.5.4.8'],
  ['streetAddresses', '2.5.4.9'],
  ['postalCodes', '2.5.4.17'],
]
const single: readonly (readonly [Single, string])[] = [
  ['commonName', '2.5.4.3'],
  ['serialNumber', '2.5.4.5'],
]

/** Values of one attribute go into one set, as upstream's certificates have them. */
export function encodeName(name: DistinguishedName): Uint8Array {
  const sets: Uint8Array[] = []
  const attribute = (oid: string, value: string): Uint8Array => derSequence(derOid(oid), derText(value))
  for (const [field, oid] of several) {
    const values = name[field] ?? []
    if (values.length > 0) sets.push(derSet(...values.map((value) => attribute(oid, value))))
  }
  for (const [field, oid] of single) {
    const value = name[field]
    if (value) sets.push(derSet(attribute(oid, value)))
  }
  return derSequence(...sets)
}

/** @throws DerError */
export function readName(reader: DerReader): DistinguishedName {
  const name: { [field in Several]?: string[] } & { [field in Single]?: string } = {}
  const sets = reader.into(Tag.sequence)
  while (!sets.done) {
    const attributes = sets.into(Tag.set)
    while (!attributes.done) {
      const attribute = attributes.into(Tag.sequence)
      const oid = attribute.oid()
      const value = readText(attribute.next())
      if (value === undefined) continue
      const listed = several.find(([, known]) => known === oid)
      const alone = single.find(([, known]) => known === oid)
      if (listed) (name[listed[0]] ??= []).push(value)
      else if (alone) name[alone[0]] = value
    }
  }
  return name
}
