import { hashOf } from '../cluster/subnet.ts'

/**
 * Who of the candidates answers for an address. All who know the same candidates agree without a word, addresses are spread
 * evenly, and who goes leaves to others only what was his (rendezvous hashing).
 */
export function ownerOf(address: string, candidates: Iterable<string>): string | undefined {
  let owner: string | undefined
  let most = -1
  for (const name of candidates) {
    const weight = mix(hashOf(`${name} ${address}`))
    if (weight > most || (weight === most && owner !== undefined && name < owner)) [owner, most] = [name, weight]
  }
  return owner
}

/** FNV-1a differs little for texts that do; all bits of the result depend on all of the argument's (MurmurHash3). */
function mix(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
