import { nodes } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import type { Controller, ControllerContext, Informer, Watch } from '#client'
import { formatCIDR, isNotFound, keyOf, parseCIDR } from '#machinery'
import type { CIDR } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import { nodeEvent } from '../common/nodes/events.ts'
import { CIDRSet } from './cidr-set.ts'

export interface NodeIPAMOptions {
  /** One block for each family, out of which nodes get theirs. */
  readonly clusterCIDRs: readonly string[]
  /** Blocks that Services use: no node gets a part of them. */
  readonly serviceCIDRs: readonly string[]
  /** Bits of a node's block, by family. */
  readonly maskSizes: { readonly IPv4: number; readonly IPv6: number }
}

/** Gives every node a block of pod addresses for each family. */
export class NodeIPAMController implements Controller {
  readonly concurrency = 10
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #nodes: Informer<Node>
  readonly #sets: readonly CIDRSet[]
  /** UIDs of nodes that were given blocks, by name: the informer may not show them yet. */
  readonly #served = new Map<string, string>()

  constructor(context: ControllerContext, { clusterCIDRs, serviceCIDRs, maskSizes }: NodeIPAMOptions) {
    const { informers, queue } = context
    this.#context = context
    this.#nodes = informers.informer(nodes)
    const services = serviceCIDRs.map(parsed)
    this.#sets = clusterCIDRs.map((text) => {
      const cidr = parsed(text)
      const set = new CIDRSet(cidr, maskSizes[cidr.family])
      for (const each of services) set.occupy(each)
      return set
    })
    this.watches = [
      watchEvents(nodes, {
        added: (node) => {
          this.#occupy(node)
          if (needsBlocks(node)) queue.add(keyOf(node))
        },
        updated: (old, node) => {
          if (old.metadata.uid !== node.metadata.uid) this.#release(old)
          this.#occupy(node)
          if (needsBlocks(node)) queue.add(keyOf(node))
        },
        deleted: (node) => {
          this.#served.delete(keyOf(node))
          this.#release(node)
        },
      }),
    ]
  }

  async reconcile(name: string): Promise<void> {
    const node = this.#nodes.lister.get({ name })
    if (!node || !needsBlocks(node) || node.metadata.deletionTimestamp !== undefined) return
    const { uid = '' } = node.metadata
    if (this.#served.get(name) === uid) return
    const blocks = this.#allocate()
    if (!blocks) {
      this.#tell(node, 'CIDRNotAvailable')
      throw new Error('failed to allocate cidr from cluster cidr: no CIDRs remaining')
    }
    const podCIDRs = blocks.map(formatCIDR)
    const patch = { spec: { podCIDR: podCIDRs[0] ?? '', podCIDRs } }
    try {
      await this.#context.client.patch(nodes, { name }, { type: 'strategic', patch })
      this.#served.set(name, uid)
    } catch (error) {
      blocks.forEach((block, i) => this.#sets[i]?.release(block))
      if (isNotFound(error)) return
      this.#tell(node, 'CIDRAssignmentFailed')
      throw error
    }
  }

  #allocate(): readonly CIDR[] | undefined {
    const blocks: CIDR[] = []
    for (const set of this.#sets) {
      const block = set.allocate()
      if (!block) {
        blocks.forEach((each, i) => this.#sets[i]?.release(each))
        return undefined
      }
      blocks.push(block)
    }
    return blocks
  }

  #occupy(node: Node): void {
    this.#each(node, (set, cidr) => {
      if (set.occupy(cidr)) return
      this.#context.log.error('Pod CIDR of node is not of the cluster', {
        node: node.metadata.name,
        cidr: formatCIDR(cidr),
      })
    })
  }

  #release(node: Node): void {
    this.#each(node, (set, cidr) => set.release(cidr))
  }

  #each({ spec }: Node, visit: (set: CIDRSet, cidr: CIDR) => void): void {
    ;(spec.podCIDRs ?? []).forEach((text, i) => {
      const cidr = parseCIDR(text)
      const set = this.#sets[i]
      if (cidr && set) visit(set, cidr)
    })
  }

  #tell(node: Node, reason: string): void {
    const message = `Node ${node.metadata.name ?? ''} status is now: ${reason}`
    nodeEvent(this.#context.events, node, 'Normal', reason, message)
  }
}

const needsBlocks = ({ spec }: Node): boolean => (spec.podCIDRs ?? []).length === 0

function parsed(text: string): CIDR {
  const cidr = parseCIDR(text)
  if (!cidr) throw new Error(`"${text}" is no CIDR block`)
  return cidr
}
