import type { Node, Pod } from '#api/core/v1'
import { canonicalIP } from '#machinery'
import type { Labels } from '#machinery'
import type { Protocol } from '../packet-filter.ts'

/** What policies want to know of a pod. */
export interface PodFacts {
  readonly namespace: string
  readonly labels: Labels
  /** Canonical. */
  readonly addresses: readonly string[]
  readonly ports: readonly { readonly name: string; readonly protocol: Protocol; readonly port: number }[]
  readonly nodeName: string
}

/** What policies want to know of a node. */
export interface NodeFacts {
  readonly labels: Labels
  /** All that its status tells, names aside. Canonical. */
  readonly addresses: readonly string[]
}

const noLabels: Labels = {}

export function nodeFactsOf({ metadata, status }: Node): NodeFacts {
  const addresses = (status?.addresses ?? []).map(({ address }) => canonicalIP(address))
  return { labels: metadata.labels ?? noLabels, addresses: [...new Set(addresses.filter((ip) => ip !== undefined))] }
}

/** `undefined` for pods without an address of their own: not started, ended, or in their node's network. */
export function factsOf({ metadata, spec, status }: Pod): PodFacts | undefined {
  if (spec.hostNetwork === true || status?.phase === 'Succeeded' || status?.phase === 'Failed') return undefined
  const addresses = (status?.podIPs ?? []).map(({ ip }) => canonicalIP(ip)).filter((ip) => ip !== undefined)
  if (addresses.length === 0) return undefined
  const containers = [
    ...(spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always'),
    ...spec.containers,
  ]
  return {
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? noLabels,
    addresses,
    ports: containers
      .flatMap((container) => container.ports ?? [])
      .flatMap(({ name, protocol = 'TCP', containerPort }) =>
        name === undefined ? [] : [{ name, protocol, port: containerPort }],
      ),
    nodeName: spec.nodeName ?? '',
  }
}

/** A pod without what policies have no use for: informers that keep all pods of a cluster keep these. */
export function slimPod(pod: Pod): Pod {
  const { name, namespace, uid, resourceVersion, labels } = pod.metadata
  const { nodeName, hostNetwork, initContainers, containers } = pod.spec
  const slim = (list: Pod['spec']['containers']): Pod['spec']['containers'] =>
    list.map((container) => ({
      name: container.name,
      ...(container.ports ? { ports: container.ports } : {}),
      ...(container.restartPolicy ? { restartPolicy: container.restartPolicy } : {}),
    }))
  return {
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(labels ? { labels } : {}),
    },
    spec: {
      containers: slim(containers),
      ...(initContainers ? { initContainers: slim(initContainers) } : {}),
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(hostNetwork === undefined ? {} : { hostNetwork }),
    },
    status: {
      ...(pod.status?.phase ? { phase: pod.status.phase } : {}),
      ...(pod.status?.podIPs ? { podIPs: pod.status.podIPs } : {}),
    },
  }
}
