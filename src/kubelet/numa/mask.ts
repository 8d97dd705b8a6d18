/** NUMA nodes of the machine, a bit each. */
export type NumaMask = bigint

export function maskOf(nodes: Iterable<number>): NumaMask {
  let mask = 0n
  for (const node of nodes) mask |= 1n << BigInt(node)
  return mask
}

export function hasNode(mask: NumaMask, node: number): boolean {
  return node >= 0 && ((mask >> BigInt(node)) & 1n) === 1n
}

export function nodesOf(mask: NumaMask): number[] {
  const nodes: number[] = []
  for (let rest = mask, node = 0; rest > 0n; rest >>= 1n, node++) if (rest & 1n) nodes.push(node)
  return nodes
}

export function countOf(mask: NumaMask): number {
  return nodesOf(mask).length
}

/** Fewer nodes; of as many, the lower ones. */
export function isNarrower(a: NumaMask, b: NumaMask): boolean {
  const [ofA, ofB] = [countOf(a), countOf(b)]
  return ofA === ofB ? a < b : ofA < ofB
}

/** Every choice of at least one node, the narrow ones first. */
export function masksOf(nodes: readonly number[]): readonly NumaMask[] {
  let masks: NumaMask[] = [0n]
  for (const node of nodes) masks = masks.concat(masks.map((mask) => mask | (1n << BigInt(node))))
  return masks.slice(1).sort((a, b) => countOf(a) - countOf(b))
}
