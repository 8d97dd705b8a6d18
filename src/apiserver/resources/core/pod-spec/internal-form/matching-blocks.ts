/** `size` lines from `a` on in one text are those from `b` on in the other. */
export interface Block {
  readonly a: number
  readonly b: number
  readonly size: number
}

/** Texts of at least so many lines have their commonest lines left out of the search. */
const long = 200

/**
 * Stretches of lines that two texts have in common, found by Ratcliff and Obershelp's method: the longest, then the longest
 * on either side of it, and so on. Ends with an empty block behind both texts.
 */
export function matchingBlocks(a: readonly string[], b: readonly string[]): Block[] {
  const places = placesOf(b)
  const found: Block[] = []
  const queue: [number, number, number, number][] = [[0, a.length, 0, b.length]]
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [aFrom, aTo, bFrom, bTo] = next
    const block = longest(a, b, places, next)
    if (block.size === 0) continue
    found.push(block)
    if (aFrom < block.a && bFrom < block.b) queue.push([aFrom, block.a, bFrom, block.b])
    if (block.a + block.size < aTo && block.b + block.size < bTo)
      queue.push([block.a + block.size, aTo, block.b + block.size, bTo])
  }
  return [...joined(found.toSorted((one, other) => one.a - other.a)), { a: a.length, b: b.length, size: 0 }]
}

function placesOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (const [index, line] of lines.entries()) {
    const known = places.get(line)
    if (known) known.push(index)
    else places.set(line, [index])
  }
  if (lines.length < long) return places
  const most = Math.floor(lines.length / 100) + 1
  for (const [line, at] of places) if (at.length > most) places.delete(line)
  return places
}

function longest(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  [aFrom, aTo, bFrom, bTo]: readonly [number, number, number, number],
): Block {
  let best: Block = { a: aFrom, b: bFrom, size: 0 }
  // Lengths of the common stretches that end at a place of b, for the line of a before this one.
  let lengths = new Map<number, number>()
  for (let i = aFrom; i < aTo; i++) {
    const next = new Map<number, number>()
    for (const j of places.get(a[i] ?? '') ?? []) {
      if (j < bFrom) continue
      if (j >= bTo) break
      const size = (lengths.get(j - 1) ?? 0) + 1
      next.set(j, size)
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size }
    }
    lengths = next
  }
  let { a: inA, b: inB, size } = best
  // Common lines, which the search leaves out, belong to the stretch they border on.
  while (inA > aFrom && inB > bFrom && a[inA - 1] === b[inB - 1]) {
    inA--
    inB--
    size++
  }
  while (inA + size < aTo && inB + size < bTo && a[inA + size] === b[inB + size]) size++
  return { a: inA, b: inB, size }
}

/** Blocks that follow each other without a gap are one. */
function joined(blocks: readonly Block[]): Block[] {
  const all: Block[] = []
  for (const block of blocks) {
    const last = all.at(-1)
    if (last && last.a + last.size === block.a && last.b + last.size === block.b)
      all[all.length - 1] = { ...last, size: last.size + block.size }
    else all.push(block)
  }
  return all
}
