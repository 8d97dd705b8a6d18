import type { Namespace, Node, Pod } from '#api/core/v1'
import type { NetworkPolicy } from '#api/networking/v1'
import { deepEqual } from '#base'
import { keyOf } from '#machinery'
import type { Labels } from '#machinery'
import type { IsolatedPod, PolicyChange, PolicyRule, PolicyState } from '../policy-filter.ts'
import type { Direction, PolicySetChange, PolicySetKind } from '../policy-filter.ts'
import { factsOf, nodeFactsOf } from './facts.ts'
import type { NodeFacts, PodFacts } from './facts.ts'
import { parsePolicy } from './parse.ts'
import type { ParsedPolicy, SetQuery } from './parse.ts'
import type { ClusterNetworkPolicy } from './cluster-policy.ts'
import { parseClusterPolicy } from './parse-cluster.ts'
import type { ParsedClusterPolicy } from './parse-cluster.ts'
import { PolicyTiers } from './tiers.ts'

/** A set with how often each member is in it: an address goes from pod to pod before the first is gone. */
class CountedSet {
  readonly kind: PolicySetKind
  readonly query: SetQuery
  uses = 0
  readonly #counts = new Map<string, number>()
  readonly added: Set<string> = new Set()
  readonly removed: Set<string> = new Set()

  constructor(query: SetQuery) {
    this.kind = query.kind
    this.query = query
  }

  get members(): Iterable<string> {
    return this.#counts.keys()
  }

  add(member: string): void {
    const count = this.#counts.get(member) ?? 0
    this.#counts.set(member, count + 1)
    if (count === 0 && !this.removed.delete(member)) this.added.add(member)
  }

  remove(member: string): void {
    const count = this.#counts.get(member) ?? 0
    if (count > 1) this.#counts.set(member, count - 1)
    else if (this.#counts.delete(member) && !this.added.delete(member)) this.removed.add(member)
  }
}

const noLabels: Labels = {}

/** Policies, pods, namespaces and nodes as they come in, turned into what this node has to enforce. */
export class PolicyTable implements PolicyState {
  readonly #nodeName: string
  readonly #facts = new Map<string, PodFacts>()
  readonly #nodes = new Map<string, NodeFacts>()
  readonly #namespaces = new Map<string, Labels>()
  readonly #parsed = new Map<string, ParsedPolicy>()
  readonly sets: Map<string, CountedSet> = new Map()
  readonly policies: Map<string, { readonly direction: Direction; readonly rules: readonly PolicyRule[] }> = new Map()
  readonly pods: Map<string, IsolatedPod> = new Map()
  readonly #changedSets = new Set<string>()
  readonly #freshSets = new Set<string>()
  readonly #goneSets = new Set<string>()
  readonly #changedPolicies = new Set<string>()
  readonly #changedPods = new Set<string>()
  readonly #tiers = new PolicyTiers((key, entry) => {
    if (entry) this.policies.set(key, entry)
    else this.policies.delete(key)
    this.#changedPolicies.add(key)
  })

  constructor(nodeName: string) {
    this.#nodeName = nodeName
  }

  setPolicy(policy: NetworkPolicy): void {
    this.#replacePolicy(keyOf(policy), parsePolicy(policy))
  }

  deletePolicy(policy: NetworkPolicy): void {
    this.#replacePolicy(keyOf(policy), undefined)
  }

  setClusterPolicy(policy: ClusterNetworkPolicy): void {
    this.#replaceClusterPolicy(policy.metadata.name ?? '', parseClusterPolicy(policy))
  }

  deleteClusterPolicy({ metadata }: ClusterNetworkPolicy): void {
    this.#replaceClusterPolicy(metadata.name ?? '', undefined)
  }

  setPod(pod: Pod): void {
    this.#replacePod(keyOf(pod), factsOf(pod))
  }

  deletePod(pod: Pod): void {
    this.#replacePod(keyOf(pod), undefined)
  }

  setNamespace({ metadata }: Namespace): void {
    this.#relabel(metadata.name ?? '', metadata.labels ?? noLabels)
  }

  deleteNamespace({ metadata }: Namespace): void {
    this.#relabel(metadata.name ?? '', undefined)
  }

  setNode(node: Node): void {
    this.#replaceNode(node.metadata.name ?? '', nodeFactsOf(node))
  }

  deleteNode({ metadata }: Node): void {
    this.#replaceNode(metadata.name ?? '', undefined)
  }

  /** Whether a policy is about nodes. */
  get isAboutNodes(): boolean {
    for (const { query } of this.sets.values()) if (query.membersOfNode) return true
    return false
  }

  /** What changed since the last call; `undefined` when nothing did. */
  take(): PolicyChange | undefined {
    const sets = new Map<string, PolicySetChange | undefined>()
    for (const key of this.#goneSets) sets.set(key, undefined)
    for (const key of this.#changedSets) {
      const set = this.sets.get(key)
      if (!set) continue
      const { kind, added, removed } = set
      const fresh = this.#freshSets.has(key)
      if (added.size + removed.size > 0 || fresh) {
        sets.set(key, { kind, fresh, added: [...added], removed: [...removed] })
      }
      added.clear()
      removed.clear()
    }
    const policies = new Map([...this.#changedPolicies].map((key) => [key, this.policies.get(key)]))
    const pods = new Map([...this.#changedPods].map((key) => [key, this.pods.get(key)]))
    for (const changed of [
      this.#changedSets,
      this.#freshSets,
      this.#goneSets,
      this.#changedPolicies,
      this.#changedPods,
    ])
      changed.clear()
    return sets.size + policies.size + pods.size === 0 ? undefined : { sets, policies, pods }
  }

  #replacePolicy(key: string, parsed: ParsedPolicy | undefined): void {
    const before = this.#parsed.get(key)
    if (parsed) this.#parsed.set(key, parsed)
    else this.#parsed.delete(key)
    for (const query of parsed?.queries ?? []) this.#useSet(query)
    for (const query of before?.queries ?? []) this.#releaseSet(query)
    for (const direction of ['ingress', 'egress'] as const) {
      const own = `${key}/${direction}`
      const rules = parsed?.directions.get(direction)
      if (deepEqual(rules, this.policies.get(own)?.rules)) continue
      if (rules) this.policies.set(own, { direction, rules })
      else this.policies.delete(own)
      this.#changedPolicies.add(own)
    }
    const namespace = key.slice(0, key.indexOf('/'))
    for (const [pod, facts] of this.#facts) if (facts.namespace === namespace) this.#judge(pod, facts)
  }

  #replaceClusterPolicy(name: string, parsed: ParsedClusterPolicy | undefined): void {
    const before = this.#tiers.get(name)
    for (const query of parsed?.queries ?? []) this.#useSet(query)
    this.#tiers.set(name, parsed)
    for (const [pod, facts] of this.#facts) this.#judge(pod, facts)
    for (const query of before?.queries ?? []) this.#releaseSet(query)
  }

  #replacePod(key: string, facts: PodFacts | undefined): void {
    const before = this.#facts.get(key)
    if (deepEqual(before, facts)) return
    if (facts) this.#facts.set(key, facts)
    else this.#facts.delete(key)
    const labels = this.#labelsOf(key.slice(0, key.indexOf('/')))
    for (const [name, set] of this.sets) {
      this.#exchange(name, set, membersOf(set, before, labels), membersOf(set, facts, labels))
    }
    this.#judge(key, facts)
  }

  #replaceNode(name: string, facts: NodeFacts | undefined): void {
    const before = this.#nodes.get(name)
    if (deepEqual(before, facts)) return
    if (facts) this.#nodes.set(name, facts)
    else this.#nodes.delete(name)
    for (const [key, set] of this.sets) {
      const members = (node: NodeFacts | undefined): readonly string[] =>
        (node && set.query.membersOfNode?.(node)) ?? []
      this.#exchange(key, set, members(before), members(facts))
    }
  }

  #relabel(namespace: string, labels: Labels | undefined): void {
    const before = this.#labelsOf(namespace)
    if (labels) this.#namespaces.set(namespace, labels)
    else this.#namespaces.delete(namespace)
    const after = this.#labelsOf(namespace)
    if (deepEqual(before, after)) return
    for (const [key, facts] of this.#facts) {
      if (facts.namespace !== namespace) continue
      for (const [name, set] of this.sets) {
        this.#exchange(name, set, membersOf(set, facts, before), membersOf(set, facts, after))
      }
      this.#judge(key, facts)
    }
  }

  /** Takes what a pod or a node contributed out of a set, and puts in what it contributes now. */
  #exchange(name: string, set: CountedSet, removed: readonly string[], added: readonly string[]): void {
    if (added.length + removed.length === 0) return
    for (const member of added) set.add(member)
    for (const member of removed) set.remove(member)
    this.#changedSets.add(name)
  }

  #useSet(query: SetQuery): void {
    let set = this.sets.get(query.key)
    if (!set) {
      set = new CountedSet(query)
      this.sets.set(query.key, set)
      for (const facts of this.#facts.values()) {
        for (const member of query.membersOf(facts, this.#labelsOf(facts.namespace))) set.add(member)
      }
      for (const node of this.#nodes.values()) for (const member of query.membersOfNode?.(node) ?? []) set.add(member)
      this.#goneSets.delete(query.key)
      this.#freshSets.add(query.key)
      this.#changedSets.add(query.key)
    }
    set.uses++
  }

  #releaseSet({ key }: SetQuery): void {
    const set = this.sets.get(key)
    if (!set || --set.uses > 0) return
    this.sets.delete(key)
    this.#changedSets.delete(key)
    this.#freshSets.delete(key)
    this.#goneSets.add(key)
  }

  /** Finds the policies that select a pod of this node. */
  #judge(key: string, facts: PodFacts | undefined): void {
    let pod: IsolatedPod | undefined
    if (facts && facts.nodeName === this.#nodeName) {
      const ingress = this.#policiesFor(facts, 'ingress')
      const egress = this.#policiesFor(facts, 'egress')
      const tiers = this.#tiersOf(facts)
      if (ingress || egress || tiers) {
        pod = {
          addresses: facts.addresses,
          ...(ingress ? { ingress } : {}),
          ...(egress ? { egress } : {}),
          ...(tiers ? { tiers } : {}),
        }
      }
    }
    const before = this.pods.get(key)
    if (deepEqual(pod, before)) return
    if (pod) this.pods.set(key, pod)
    else this.pods.delete(key)
    for (const tier of listsOf(pod)) this.#tiers.use(tier)
    for (const tier of listsOf(before)) this.#tiers.release(tier)
    this.#changedPods.add(key)
  }

  #tiersOf(facts: PodFacts): IsolatedPod['tiers'] {
    const labels = this.#labelsOf(facts.namespace)
    const ingress = this.#tiers.of(facts, labels, 'ingress')
    const egress = this.#tiers.of(facts, labels, 'egress')
    return ingress || egress ? { ...(ingress ? { ingress } : {}), ...(egress ? { egress } : {}) } : undefined
  }

  #policiesFor(facts: PodFacts, direction: Direction): readonly string[] | undefined {
    const keys: string[] = []
    for (const [key, policy] of this.#parsed) {
      if (policy.namespace !== facts.namespace || !policy.directions.has(direction)) continue
      if (policy.selector.matches(facts.labels)) keys.push(`${key}/${direction}`)
    }
    return keys.length === 0 ? undefined : keys.sort()
  }

  #labelsOf(namespace: string): Labels {
    return this.#namespaces.get(namespace) ?? noLabels
  }
}

/** What a pod contributes to a set. */
const membersOf = ({ query }: CountedSet, pod: PodFacts | undefined, namespaceLabels: Labels): readonly string[] =>
  pod ? query.membersOf(pod, namespaceLabels) : []

/** Lists of rules of cluster policies that a pod needs. */
const listsOf = (pod: IsolatedPod | undefined): readonly string[] =>
  [pod?.tiers?.ingress, pod?.tiers?.egress].flatMap((tiers) =>
    [tiers?.admin, tiers?.baseline].filter((key) => key !== undefined),
  )
