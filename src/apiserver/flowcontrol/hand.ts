/** A 32-bit hash of a text (FNV-1a), for spreading; not for secrets. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** Numbers that follow from a seed, each 0 to 2^32 - 1 (Mulberry32's mixing). */
function* numbersFrom(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    yield (mixed ^ (mixed >>> 14)) >>> 0
  }
}

/**
 * Shuffle sharding: the queues that a flow may use, `size` different ones of `deck`. Two flows rarely share all of
 * theirs, so that one that fills its queues leaves the others a way through.
 */
export function dealHand(flow: string, deck: number, size: number): readonly number[] {
  const numbers = numbersFrom(hashOf(flow))
  const dealt: number[] = []
  while (dealt.length < Math.min(size, deck)) {
    // The n-th card of those that are left.
    let card = numbers.next().value % (deck - dealt.length)
    for (const taken of dealt.toSorted((a, b) => a - b)) if (card >= taken) card++
    dealt.push(card)
  }
  return dealt
}
