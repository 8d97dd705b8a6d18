import type { Dial } from '#http'
import { dialTcp } from '#http'
import { cidrContains, parseCIDR, parseIP } from '#machinery'
import { AgentGoneError } from '../agent/dialling.ts'

/** A node that connections can be made from. */
export interface DiallingNode {
  readonly name: string
  readonly dial: Dial
}

export interface NodeDialOptions {
  readonly nodes: readonly DiallingNode[]
  /** Blocks that only nodes reach: those of pods and of Services. */
  readonly inner: readonly string[]
  /** Blocks of the pods of a node, as far as they are known. */
  readonly podBlocks: (node: string) => readonly string[]
}

/**
 * The way from a machine to what only its nodes reach. Pods are reached from their own node, which their network policies
 * always let in, and others from any that runs; everything that the machine reaches by itself, it does.
 */
export function dialThroughNodes({ nodes, inner, podBlocks }: NodeDialOptions): Dial {
  return async (host, port, signal) => {
    if (!isWithin(inner, host)) return dialTcp(host, port, signal)
    const own = nodes.filter(({ name }) => isWithin(podBlocks(name), host))
    let lost: unknown = new Error(`reach ${host}: there is no node`)
    for (const { dial } of new Set([...own, ...nodes])) {
      try {
        return await dial(host, port, signal)
      } catch (error) {
        if (!(error instanceof AgentGoneError)) throw error
        lost = error
      }
    }
    throw lost
  }
}

function isWithin(blocks: readonly string[], host: string): boolean {
  const address = parseIP(host)
  return (
    address !== undefined &&
    blocks.some((block) => {
      const cidr = parseCIDR(block)
      return cidr !== undefined && cidrContains(cidr, address)
    })
  )
}
