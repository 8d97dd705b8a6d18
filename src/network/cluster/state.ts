import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** What has to be the same when a cluster's network is made again: addresses of nodes are in certificates and objects. */
export interface NetworkState {
  readonly subnet: string
  /** Last number of each node's address. */
  readonly nodes: { readonly [name: string]: number }
}

/** Reads the state; `undefined` when there is none, or none that can be read. */
export function readState(path: string): NetworkState | undefined {
  try {
    const state: Partial<NetworkState> = JSON.parse(readFileSync(path, 'utf8'))
    return state.subnet !== undefined && state.nodes ? { subnet: state.subnet, nodes: state.nodes } : undefined
  } catch {
    return undefined
  }
}

export function writeState(path: string, state: NetworkState): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${path}.new`, path)
}

/** Numbers of the addresses that nodes leave to Services. */
export const spareNumbers = { first: 200, last: 254 } as const

/** The lowest number that no node has. 1 is the machine's own. */
export function numberNodes(names: readonly string[], known: NetworkState['nodes']): NetworkState['nodes'] {
  const numbers: { [name: string]: number } = {}
  for (const name of names) if (known[name] !== undefined) numbers[name] = known[name]
  const used = new Set(Object.values(numbers))
  let next = 2
  for (const name of names) {
    if (numbers[name] !== undefined) continue
    while (used.has(next)) next++
    if (next >= spareNumbers.first) {
      throw new Error(`a cluster on one machine has room for ${spareNumbers.first - 2} nodes, wanted ${names.length}`)
    }
    numbers[name] = next
    used.add(next)
  }
  return numbers
}
