import { sleep } from '#base'
import type { Clock } from '#base'
import { decodeText, hostPort } from '#machinery'
import { kubeletOf } from '../../../proxy/kubelet.ts'
import { whole } from '../../../proxy/whole.ts'
import type { Services } from '../../../services.ts'
import { podKey, readPoints } from './points.ts'
import type { NodePoints } from './points.ts'
import { usageBetween } from './usage.ts'
import type { Usage } from './usage.ts'

/** For so many milliseconds what a kubelet told is used again. */
const freshMs = 15_000
/** After so many it says nothing of how much is used now. */
const staleMs = 60_000
/** Between the two looks at a node that was not asked for a while. */
const glimpseMs = 1000
const answerMs = 5000
/** Kubelets that are asked at a time. */
const atATime = 64
/** More than a kubelet with full nodes tells. */
const mostBytes = 16 << 20

/** The two last looks at a node. */
interface Looks {
  readonly takenAt: number
  readonly before: NodePoints
  readonly after: NodePoints
}

const nothing: NodePoints = { node: undefined, pods: new Map() }

/** What nodes and pods use, as kubelets tell it. They are asked when somebody wants to know, and left alone else. */
export class UsageCollector {
  readonly #services: Services
  readonly #clock: Clock
  readonly #looks = new Map<string, Looks>()
  readonly #looking = new Map<string, Promise<void>>()

  constructor(services: Services) {
    this.#services = services
    this.#clock = services.clock
  }

  /** Resolves when what is known of the nodes is new enough; nodes that do not answer are known nothing of. */
  async refresh(nodes: Iterable<string>): Promise<void> {
    const rest = [...new Set(nodes)].filter((name) => !this.#isFresh(name))
    const worker = async (): Promise<void> => {
      for (let name = rest.pop(); name !== undefined; name = rest.pop()) await this.#look(name)
    }
    await Promise.all(Array.from({ length: Math.min(atATime, rest.length) }, worker))
    for (const name of this.#looks.keys()) if (!this.#services.peek('', 'nodes', '', name)) this.#looks.delete(name)
  }

  node(name: string): Usage | undefined {
    const { before, after } = this.#looks.get(name) ?? { before: nothing, after: nothing }
    return after.node && usageBetween(before.node, after.node)
  }

  /** Of each container, by name; empty where it is not known of all. */
  pod(node: string, namespace: string, name: string): ReadonlyMap<string, Usage> {
    const { before, after } = this.#looks.get(node) ?? { before: nothing, after: nothing }
    const key = podKey(namespace, name)
    const usages = new Map<string, Usage>()
    for (const [container, point] of after.pods.get(key) ?? []) {
      const usage = usageBetween(before.pods.get(key)?.get(container), point)
      if (!usage) return new Map()
      usages.set(container, usage)
    }
    return usages
  }

  #isFresh(node: string): boolean {
    const looks = this.#looks.get(node)
    return looks !== undefined && this.#clock.monotonic() - looks.takenAt < freshMs
  }

  #look(node: string): Promise<void> {
    const looking = this.#looking.get(node) ?? this.#lookNow(node).finally(() => this.#looking.delete(node))
    this.#looking.set(node, looking)
    return looking
  }

  async #lookNow(node: string): Promise<void> {
    const last = this.#looks.get(node)
    const isRecent = last !== undefined && this.#clock.monotonic() - last.takenAt < staleMs
    try {
      let before = isRecent ? last.after : nothing
      if (before === nothing) {
        before = await this.#ask(node)
        await sleep(this.#clock, glimpseMs)
      }
      const after = await this.#ask(node)
      this.#looks.set(node, { takenAt: this.#clock.monotonic(), before, after })
    } catch (error) {
      this.#services.logger.debug('Kubelet does not tell what its node uses', { node, error })
      this.#looks.set(node, { takenAt: this.#clock.monotonic(), before: nothing, after: nothing })
    }
  }

  async #ask(node: string): Promise<NodePoints> {
    const { backends } = this.#services
    const stop = new AbortController()
    const cancel = this.#clock.timer(answerMs, () => stop.abort())
    try {
      const backend = kubeletOf(node, this.#services, 'nodes')
      const headers = { host: hostPort(backend.host, backend.port), 'user-agent': 'k8ts', accept: 'text/plain' }
      const target = '/metrics/resource'
      const answer = await backends({ backend, method: 'GET', target, headers, signal: stop.signal })
      const text = decodeText(await whole(answer.body, mostBytes))
      if (answer.code !== 200) throw new Error(`${target} answers ${answer.code}: ${text}`)
      return readPoints(text, this.#clock.now())
    } finally {
      cancel()
    }
  }
}

const collectors = new WeakMap<Services, UsageCollector>()

/** The one of a server. */
export function usageCollector(services: Services): UsageCollector {
  const known = collectors.get(services) ?? new UsageCollector(services)
  collectors.set(services, known)
  return known
}
