import type { Container, Node, Pod } from '#api/core/v1'
import type { ExtenderConfig } from '../config/types.ts'

/**
 * Posts JSON to an extender and resolves with the JSON it answers.
 *
 * @throws when there is no answer in time, or one that is not 200.
 */
export type ExtenderCall = (url: string, body: object, timeoutMs: number, signal: AbortSignal) => Promise<unknown>

/** What an extender says about nodes. */
export interface ExtenderVerdict {
  /** Names of nodes that will do. */
  readonly feasible: readonly string[]
  readonly failed: { readonly [node: string]: string }
  /** Nodes where preempting would not help. */
  readonly unresolvable: { readonly [node: string]: string }
}

/** Who would go, by name of node. */
export type ExtenderVictims = ReadonlyMap<string, { readonly pods: readonly Pod[]; readonly violations: number }>

/** Who is to go by an extender's mind, by name of node. */
export type ReviewedVictims = ReadonlyMap<string, { readonly uids: readonly string[]; readonly violations: number }>

const defaultTimeoutMs = 30_000

/** A program outside the scheduler that filters, ranks or binds in addition to plugins (extender API v1). */
export class Extender {
  readonly #config: ExtenderConfig
  readonly #call: ExtenderCall

  constructor(config: ExtenderConfig, call: ExtenderCall) {
    this.#config = config
    this.#call = call
  }

  get url(): string {
    return this.#config.urlPrefix
  }

  get isIgnorable(): boolean {
    return this.#config.ignorable === true
  }

  get filters(): boolean {
    return !!this.#config.filterVerb
  }

  get ranks(): boolean {
    return !!this.#config.prioritizeVerb
  }

  get binds(): boolean {
    return !!this.#config.bindVerb
  }

  get preempts(): boolean {
    return !!this.#config.preemptVerb
  }

  get weight(): number {
    return this.#config.weight ?? 0
  }

  /** Extenders that manage resources care for pods only that ask for some of them. */
  isInterestedIn(pod: Pod): boolean {
    const managed = new Set((this.#config.managedResources ?? []).map(({ name }) => name))
    if (managed.size === 0) return true
    const asks = ({ resources }: Container): boolean =>
      [...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})].some((name) =>
        managed.has(name),
      )
    return (pod.spec?.containers ?? []).some(asks) || (pod.spec?.initContainers ?? []).some(asks)
  }

  /** @throws Error when the extender fails or makes no sense. */
  async filter(pod: Pod, nodes: readonly Node[], signal: AbortSignal): Promise<ExtenderVerdict> {
    const answer = await this.#send(this.#config.filterVerb, this.#arguments(pod, nodes), signal)
    const error = answer['error']
    if (typeof error === 'string' && error !== '') throw new Error(error)
    const known = new Set(nodes.map(({ metadata }) => metadata.name ?? ''))
    const feasible = namesIn(answer)
    const unknown = feasible.find((name) => !known.has(name))
    if (unknown !== undefined) {
      const which = `a filtered node ${JSON.stringify(unknown)} which is not found in the input node list`
      throw new Error(`extender ${JSON.stringify(this.url)} claims ${which}`)
    }
    return {
      feasible,
      failed: reasonsIn(answer['failednodes']),
      unresolvable: reasonsIn(answer['failedandunresolvablenodes']),
    }
  }

  /** Scores of 0 to 10 by node. */
  async rank(pod: Pod, nodes: readonly Node[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const answer = await this.#post(this.#config.prioritizeVerb, this.#arguments(pod, nodes), signal)
    const list = Array.isArray(answer) ? answer.map(lowered) : []
    return new Map(list.map(({ host, score }) => [String(host), Number(score)]))
  }

  async bind(pod: Pod, node: string, signal: AbortSignal): Promise<void> {
    const { name, namespace, uid } = pod.metadata
    const body = { PodName: name, PodNamespace: namespace, PodUID: uid, Node: node }
    const { error } = await this.#send(this.#config.bindVerb, body, signal)
    if (typeof error === 'string' && error !== '') throw new Error(error)
  }

  /**
   * What the extender makes of the pods that would go from each node.
   *
   * @param victims by name of node. @throws Error when the extender fails or makes no sense.
   */
  async preempt(pod: Pod, victims: ExtenderVictims, signal: AbortSignal): Promise<ReviewedVictims> {
    const listed = this.#config.nodeCacheCapable === true
    const byNode = Object.fromEntries(
      [...victims].map(([node, { pods, violations }]) => [
        node,
        {
          Pods: listed ? pods.map(({ metadata }) => ({ UID: metadata.uid })) : pods,
          NumPDBViolations: violations,
        },
      ]),
    )
    const body = { Pod: pod, [listed ? 'NodeNameToMetaVictims' : 'NodeNameToVictims']: byNode }
    const answer = await this.#send(this.#config.preemptVerb, body, signal)
    const reviewed = answer['nodenametometavictims']
    const entries = typeof reviewed === 'object' && reviewed !== null ? Object.entries(reviewed) : []
    return new Map(
      entries.map(([node, value]) => {
        const { pods, numpdbviolations = 0 } = lowered(value)
        const uids = Array.isArray(pods) ? pods.map((one) => String(lowered(one)['uid'])) : []
        return [node, { uids, violations: Number(numpdbviolations) }]
      }),
    )
  }

  #arguments(pod: Pod, nodes: readonly Node[]): object {
    return this.#config.nodeCacheCapable === true
      ? { Pod: pod, NodeNames: nodes.map(({ metadata }) => metadata.name) }
      : { Pod: pod, Nodes: { metadata: {}, items: nodes } }
  }

  async #send(
    verb: string | undefined,
    body: object,
    signal: AbortSignal,
  ): Promise<{ readonly [key: string]: unknown }> {
    return lowered(await this.#post(verb, body, signal))
  }

  #post(verb: string | undefined, body: object, signal: AbortSignal): Promise<unknown> {
    const url = `${this.url.replace(/\/+$/, '')}/${verb ?? ''}`
    return this.#call(url, body, this.#config.httpTimeoutMs ?? defaultTimeoutMs, signal)
  }
}

/** Names of fields in these messages are read in any case. */
function lowered(value: unknown): { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]))
}

function namesIn(answer: { readonly [key: string]: unknown }): readonly string[] {
  const { nodenames, nodes } = answer
  if (Array.isArray(nodenames)) return nodenames.map(String)
  const { items } = lowered(nodes)
  return Array.isArray(items) ? items.map((node: Node) => node.metadata.name ?? '') : []
}

function reasonsIn(value: unknown): { readonly [node: string]: string } {
  return typeof value === 'object' && value !== null ? (value as { readonly [node: string]: string }) : {}
}
