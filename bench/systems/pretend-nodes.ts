import { setTimeout } from 'node:timers/promises'
import { nodes as nodeResource } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { leases } from '#api/coordination/v1'
import type { Lease } from '#api/coordination/v1'
import type { Client } from '#client'
import { keyOf, microTimeOfMillis, parseKey } from '#machinery'

const patienceMs = 120_000

/** Nodes that are ready, do nothing, and give signs of life when they are told to. */
export class PretendNodes {
  readonly #client: Client
  #leases: readonly Lease[]

  private constructor(client: Client, signs: readonly Lease[]) {
    this.#client = client
    this.#leases = signs
  }

  /** Registers them, and waits until nothing keeps pods from them. @throws Error when that takes two minutes. */
  static async register(client: Client, count: number): Promise<PretendNodes> {
    const objects = Array.from({ length: count }, (_, index) => nodeOf(`node-${index}`, index))
    const registered = await manyAtOnce(objects, (node) => client.create(nodeResource, node))
    const nodes = new PretendNodes(client, await manyAtOnce(registered, (node) => client.create(leases, leaseOf(node))))
    const begin = performance.now()
    for (let tainted = await taintsOf(client); tainted.length > 0; tainted = await taintsOf(client)) {
      if (performance.now() - begin > patienceMs)
        throw new Error(`nodes are tainted after two minutes: ${tainted.length} as ${[...new Set(tainted)].join(', ')}`)
      await setTimeout(2000)
      await nodes.giveSign()
    }
    return nodes
  }

  /** Gives signs of life every ten seconds, as kubelets do, until it is disposed of. */
  keepAlive(): AsyncDisposable {
    const stop = new AbortController()
    const running = this.#renewUntil(stop.signal)
    return {
      async [Symbol.asyncDispose]() {
        stop.abort()
        await running
      },
    }
  }

  async #renewUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.giveSign()
      await setTimeout(10_000, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Holds for the 40 seconds after which a silent node counts as gone. */
  async giveSign(): Promise<void> {
    const renewTime = microTimeOfMillis(Date.now())
    this.#leases = await manyAtOnce(this.#leases, (lease) => this.#renew(lease, renewTime))
  }

  /** A sign that does not arrive is made up for by the next one, as a kubelet's is. */
  async #renew(lease: Lease, renewTime: string): Promise<Lease> {
    try {
      return await this.#client.update(leases, { ...lease, spec: { ...lease.spec, renewTime } })
    } catch {
      return this.#client.get(leases, parseKey(keyOf(lease))).catch(() => lease)
    }
  }
}

async function manyAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = items.values()
  const results: R[] = []
  const worker = async (): Promise<void> => {
    for (const item of waiting) results.push(await work(item))
  }
  await Promise.all(Array.from({ length: 16 }, worker))
  return results
}

async function taintsOf(client: Client): Promise<string[]> {
  const { items } = await client.list(nodeResource)
  return items.flatMap(({ spec }) => (spec?.taints ?? []).map(({ key }) => key))
}

function nodeOf(name: string, index: number): Node {
  const amounts = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '200Gi', pods: '110' }
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' }
  const podCIDR = `10.${128 + (index >> 8)}.${index & 255}.0/24`
  const conditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({ type, status: 'False' }))
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...labels, 'topology.kubernetes.io/zone': `zone-${index % 3}` } },
    // Nobody has to hand them out while something else is measured.
    spec: { podCIDR, podCIDRs: [podCIDR] },
    status: { capacity: amounts, allocatable: amounts, conditions: [...conditions, { type: 'Ready', status: 'True' }] },
  }
}

function leaseOf({ metadata: { name = '', uid = '' } }: Node): Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      namespace: 'kube-node-lease',
      name,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
    },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTimeOfMillis(Date.now()) },
  }
}
