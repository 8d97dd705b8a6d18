import type { Node, Pod, PodAffinityTerm, TopologySpreadConstraint } from '#api/core/v1'
import { Quantity, selectorOf } from '#machinery'

/**
 * The rules of the default filters and scores written down as plainly as they go: every pod, every node, every time.
 * What is kept and followed by difference must come to the same.
 */
export interface World {
  readonly nodes: readonly Node[]
  /** Pods on nodes. */
  readonly pods: readonly Pod[]
}

type Labels = { readonly [key: string]: string }

const labelsOf = (object: Node | Pod): Labels => object.metadata.labels ?? {}

const podsOn = ({ pods }: World, node: Node): readonly Pod[] =>
  pods.filter(({ spec }) => spec?.nodeName === node.metadata.name)

function request(pod: Pod, name: string): number {
  const text = pod.spec?.containers[0]?.resources?.requests?.[name] ?? '0'
  const quantity = Quantity.parse(text)
  return name === 'cpu' ? quantity.milliValue() : quantity.value()
}

function nonZero(pod: Pod, name: string): number {
  const requests = pod.spec?.containers[0]?.resources?.requests ?? {}
  if (requests[name] !== undefined) return request(pod, name)
  return name === 'cpu' ? 100 : name === 'memory' ? 200 * 1024 * 1024 : 0
}

function allocatable(node: Node, name: string): number {
  const quantity = Quantity.parse(node.status?.allocatable?.[name] ?? '0')
  return name === 'cpu' ? quantity.milliValue() : quantity.value()
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

function tolerated(pod: Pod, key: string, value: string, effect: string): boolean {
  return (pod.spec?.tolerations ?? []).some(
    (one) =>
      (!one.key || one.key === key) &&
      (!one.effect || one.effect === effect) &&
      (one.operator === 'Exists' || (one.value ?? '') === value),
  )
}

function untolerated(pod: Pod, node: Node, effects: readonly string[]): number {
  return (node.spec?.taints ?? []).filter(
    ({ key, value = '', effect }) => effects.includes(effect) && !tolerated(pod, key, value, effect),
  ).length
}

function meetsNodeSelector(pod: Pod, node: Node): boolean {
  return Object.entries(pod.spec?.nodeSelector ?? {}).every(([key, value]) => labelsOf(node)[key] === value)
}

function means(term: PodAffinityTerm, owner: Pod, other: Pod): boolean {
  const namespaces = term.namespaces ?? [owner.metadata.namespace]
  return namespaces.includes(other.metadata.namespace ?? '') && selectorOf(term.labelSelector).matches(labelsOf(other))
}

function sameDomain(key: string, a: Node, b: Node): boolean {
  return labelsOf(a)[key] !== undefined && labelsOf(a)[key] === labelsOf(b)[key]
}

function nodeOf(world: World, pod: Pod): Node | undefined {
  return world.nodes.find(({ metadata }) => metadata.name === pod.spec?.nodeName)
}

const requiredAffinity = (pod: Pod): readonly PodAffinityTerm[] =>
  pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
const requiredAntiAffinity = (pod: Pod): readonly PodAffinityTerm[] =>
  pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []

/** Reasons of the first plugin against a node; none where it will do. */
export function referenceVerdict(world: World, pod: Pod, node: Node): readonly string[] {
  if (node.spec?.unschedulable === true && !tolerated(pod, 'node.kubernetes.io/unschedulable', '', 'NoSchedule')) {
    return ['node(s) were unschedulable']
  }
  if (untolerated(pod, node, ['NoSchedule', 'NoExecute']) > 0) return ['node(s) had untolerated taint(s)']
  if (!meetsNodeSelector(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"]
  const ports = (of: Pod): readonly number[] =>
    (of.spec?.containers[0]?.ports ?? []).map(({ hostPort = 0 }) => hostPort)
  const taken = podsOn(world, node).flatMap(ports)
  if (ports(pod).some((port) => taken.includes(port))) {
    return ["node(s) didn't have free ports for the requested pod ports"]
  }
  const lacks: string[] = []
  if (podsOn(world, node).length + 1 > allocatable(node, 'pods')) lacks.push('Too many pods')
  for (const name of ['cpu', 'memory', 'example.com/gpu']) {
    const used = sum(podsOn(world, node).map((other) => request(other, name)))
    if (request(pod, name) > 0 && request(pod, name) > allocatable(node, name) - used)
      lacks.push(`Insufficient ${name}`)
  }
  if (lacks.length > 0) return lacks
  return referenceSpread(world, pod, node) ?? referenceAffinity(world, pod, node) ?? []
}

const spreadMessage = "node(s) didn't match pod topology spread constraints"

function countMatching(world: World, pod: Pod, nodes: readonly Node[], constraint: TopologySpreadConstraint): number {
  const selector = selectorOf(constraint.labelSelector)
  const names = new Set(nodes.map(({ metadata }) => metadata.name))
  return world.pods.filter(
    (other) =>
      names.has(other.spec?.nodeName) &&
      other.metadata.namespace === pod.metadata.namespace &&
      other.metadata.deletionTimestamp === undefined &&
      selector.matches(labelsOf(other)),
  ).length
}

function referenceSpread(world: World, pod: Pod, node: Node): readonly string[] | undefined {
  const all = pod.spec?.topologySpreadConstraints ?? []
  const hard = all.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
  for (const constraint of hard) {
    const { topologyKey: key, maxSkew } = constraint
    const value = labelsOf(node)[key]
    if (value === undefined) return [`${spreadMessage} (missing required label)`]
    const counting = world.nodes.filter(
      (one) =>
        hard.every(({ topologyKey }) => labelsOf(one)[topologyKey] !== undefined) &&
        ((constraint.nodeAffinityPolicy ?? 'Honor') !== 'Honor' || meetsNodeSelector(pod, one)) &&
        (constraint.nodeTaintsPolicy !== 'Honor' || untolerated(pod, one, ['NoSchedule', 'NoExecute']) === 0),
    )
    const inDomain = (domain: string): readonly Node[] => counting.filter((one) => labelsOf(one)[key] === domain)
    const domains = [...new Set(counting.map((one) => labelsOf(one)[key] ?? ''))]
    const counts = domains.map((domain) => countMatching(world, pod, inDomain(domain), constraint))
    const least = domains.length < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts)
    const self = selectorOf(constraint.labelSelector).matches(labelsOf(pod)) ? 1 : 0
    if (countMatching(world, pod, inDomain(value), constraint) + self - least > maxSkew) return [spreadMessage]
  }
  return undefined
}

function referenceAffinity(world: World, pod: Pod, node: Node): readonly string[] | undefined {
  const near = requiredAffinity(pod)
  const placed = world.pods.flatMap((other) => {
    const where = nodeOf(world, other)
    return where ? [{ other, where }] : []
  })
  if (near.length > 0) {
    const friends = placed.filter(({ other }) => near.every((term) => means(term, pod, other)))
    const labelled = near.every(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined)
    const met = near.every(({ topologyKey }) => friends.some(({ where }) => sameDomain(topologyKey, where, node)))
    const anyFriend = friends.some(({ where }) =>
      near.some(({ topologyKey }) => labelsOf(where)[topologyKey] !== undefined),
    )
    const first = !anyFriend && near.every((term) => means(term, pod, pod))
    if (!labelled || (!met && !first)) return ["node(s) didn't match pod affinity rules"]
  }
  const hated = requiredAntiAffinity(pod).some((term) =>
    placed.some(({ other, where }) => means(term, pod, other) && sameDomain(term.topologyKey, where, node)),
  )
  if (hated) return ["node(s) didn't match pod anti-affinity rules"]
  const hating = placed.some(({ other, where }) =>
    requiredAntiAffinity(other).some((term) => means(term, other, pod) && sameDomain(term.topologyKey, where, node)),
  )
  return hating ? ["node(s) didn't satisfy existing pods anti-affinity rules"] : undefined
}

/** Totals of the default scores by name of feasible node. */
export function referenceTotals(world: World, pod: Pod): ReadonlyMap<string, number> {
  const feasible = world.nodes.filter((node) => referenceVerdict(world, pod, node).length === 0)
  const totals = new Map<string, number>(feasible.map(({ metadata }) => [metadata.name ?? '', 0]))
  const add = (scores: readonly number[], weight: number): void => {
    feasible.forEach(({ metadata: { name = '' } }, i) =>
      totals.set(name, (totals.get(name) ?? 0) + weight * scores[i]!),
    )
  }
  const soft = feasible.map((node) => untolerated(pod, node, ['PreferNoSchedule']))
  const most = Math.max(0, ...soft)
  add(
    soft.map((count) => (most === 0 ? 100 : 100 - Math.trunc((100 * count) / most))),
    3,
  )
  add(
    feasible.map((node) => leastAllocated(world, pod, node)),
    1,
  )
  if (request(pod, 'cpu') > 0 || request(pod, 'memory') > 0)
    add(
      feasible.map((node) => balanced(world, pod, node)),
      1,
    )
  const spread = softSpread(world, pod, feasible)
  if (spread) add(spread, 2)
  const affinity = softAffinity(world, pod, feasible)
  if (affinity) add(affinity, 2)
  return totals
}

function leastAllocated(world: World, pod: Pod, node: Node): number {
  const scores = ['cpu', 'memory'].flatMap((name) => {
    const capacity = allocatable(node, name)
    if (capacity === 0) return []
    const wanted = nonZero(pod, name) + sum(podsOn(world, node).map((other) => nonZero(other, name)))
    return [wanted > capacity ? 0 : Math.trunc(((capacity - wanted) * 100) / capacity)]
  })
  return scores.length === 0 ? 0 : Math.trunc(sum(scores) / scores.length)
}

function balanced(world: World, pod: Pod, node: Node): number {
  const evenness = (pods: readonly Pod[]): number => {
    const fractions = ['cpu', 'memory'].flatMap((name) => {
      const capacity = allocatable(node, name)
      return capacity === 0 ? [] : [Math.min(1, sum(pods.map((other) => request(other, name))) / capacity)]
    })
    const deviation = fractions.length === 2 ? Math.abs((fractions[0]! - fractions[1]!) / 2) : 0
    return Math.trunc((1 - deviation) * 100)
  }
  const there = podsOn(world, node)
  return 50 + Math.trunc((50 + evenness([...there, pod]) - evenness(there)) / 2)
}

function softSpread(world: World, pod: Pod, feasible: readonly Node[]): readonly number[] | undefined {
  const all = pod.spec?.topologySpreadConstraints ?? []
  const soft = all.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway')
  if (soft.length === 0) return undefined
  const labelled = (node: Node): boolean => soft.every(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined)
  const scored = feasible.filter(labelled)
  const raw = feasible.map((node) => {
    if (!labelled(node)) return undefined
    return Math.round(
      sum(
        soft.map((constraint) => {
          const { topologyKey: key, maxSkew } = constraint
          const perNode = key === 'kubernetes.io/hostname'
          const size = perNode ? scored.length : new Set(scored.map((one) => labelsOf(one)[key])).size
          const counting = world.nodes.filter(
            (one) =>
              labelled(one) &&
              labelsOf(one)[key] === labelsOf(node)[key] &&
              ((constraint.nodeAffinityPolicy ?? 'Honor') !== 'Honor' || meetsNodeSelector(pod, one)) &&
              (constraint.nodeTaintsPolicy !== 'Honor' || untolerated(pod, one, ['NoSchedule', 'NoExecute']) === 0),
          )
          return countMatching(world, pod, perNode ? [node] : counting, constraint) * Math.log(size + 2) + maxSkew - 1
        }),
      ),
    )
  })
  const known = raw.filter((score) => score !== undefined)
  const [min, max] = [Math.min(...known), Math.max(0, ...known)]
  return raw.map((score) => {
    if (score === undefined) return 0
    return max === 0 ? 100 : Math.trunc((100 * (max + min - score)) / max)
  })
}

function softAffinity(world: World, pod: Pod, feasible: readonly Node[]): readonly number[] | undefined {
  const contributions: { readonly key: string; readonly where: Node; readonly weight: number }[] = []
  for (const other of world.pods) {
    const where = nodeOf(world, other)
    if (!where) continue
    const add = (of: Pod, to: Pod, sign: number, kind: 'podAffinity' | 'podAntiAffinity'): void => {
      for (const { weight, podAffinityTerm: term } of of.spec?.affinity?.[kind]
        ?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
        if (means(term, of, to)) contributions.push({ key: term.topologyKey, where, weight: sign * weight })
      }
    }
    add(pod, other, 1, 'podAffinity')
    add(pod, other, -1, 'podAntiAffinity')
    add(other, pod, 1, 'podAffinity')
    add(other, pod, -1, 'podAntiAffinity')
    for (const term of requiredAffinity(other)) {
      if (means(term, other, pod)) contributions.push({ key: term.topologyKey, where, weight: 1 })
    }
  }
  const raw = feasible.map((node) =>
    sum(contributions.filter(({ key, where }) => sameDomain(key, where, node)).map(({ weight }) => weight)),
  )
  const [min, max] = [Math.min(...raw), Math.max(...raw)]
  return raw.map((score) => (max > min ? Math.trunc(100 * ((score - min) / (max - min))) : 0))
}
