import type { Pod, Service } from '#api/core/v1'
import { labelsMatch } from './labels.ts'

/** Why a Service has no endpoints, in sentences; none where it has some. */
export function whyNoEndpoints(service: Service, pods: readonly Pod[]): readonly string[] {
  const { metadata, spec } = service
  const selector = Object.entries(spec.selector ?? {})
  if (selector.length === 0) return ['it has no selector, and nobody has written endpoints for it']
  const here = pods.filter((pod) => pod.metadata.namespace === metadata.namespace)
  const selected = here.filter((pod) => labelsMatch(spec.selector ?? {}, pod.metadata.labels))
  if (selected.length > 0) return selected.map((pod) => `pod ${pod.metadata.name ?? ''} ${whyNotReady(pod, service)}`)
  const wanted = selector.map(([key, value]) => `${key}=${value}`).join(',')
  const reasons = [`its selector ${wanted} matches no pod of namespace ${metadata.namespace ?? ''}`]
  for (const [key, value] of selector) {
    const withLabel = here.filter((pod) => pod.metadata.labels?.[key] === value).length
    if (selector.length > 1 && withLabel > 0)
      reasons.push(`${count(withLabel, 'pod')} of it ${have(withLabel)} ${key}=${value}`)
    if (withLabel > 0) continue
    const others = tally(here.map((pod) => pod.metadata.labels?.[key]).filter((each) => each !== undefined))
    reasons.push(
      others.length === 0
        ? `no pod of it has the label ${key}`
        : `no pod of it has ${key}=${value}, but ${others.map(([other, n]) => `${count(n, 'pod')} ${have(n)} ${key}=${other}`).join(', ')}`,
    )
  }
  const elsewhere = tally(
    pods
      .filter(
        (pod) => pod.metadata.namespace !== metadata.namespace && labelsMatch(spec.selector ?? {}, pod.metadata.labels),
      )
      .map((pod) => pod.metadata.namespace ?? ''),
  )
  for (const [namespace, n] of elsewhere)
    reasons.push(`${count(n, 'pod')} of namespace ${namespace} would match, which a Service there could select`)
  return reasons
}

/** Why a pod that is selected is no endpoint that gets packets. */
export function whyNotReady({ metadata, spec, status }: Pod, service?: Service): string {
  if (metadata.deletionTimestamp !== undefined) return 'is terminating'
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return `has ended (${status.phase})`
  if ((spec.nodeName ?? '') === '') return `is on no node yet: k8ts why pod/${metadata.name ?? ''} tells why`
  if ((status?.podIPs ?? []).length === 0) return `has no address yet: ${waiting(status) ?? 'it is being started'}`
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status !== 'True') {
    return `is not ready: ${waiting(status) ?? ready?.message ?? ready?.reason ?? 'it has not said so yet'}`
  }
  const named = (service?.spec.ports ?? [])
    .map(({ targetPort }) => targetPort)
    .filter((port) => typeof port === 'string')
  const known = spec.containers.flatMap(({ ports }) => ports ?? []).map(({ name }) => name)
  const missing = named.find((name) => !known.includes(name))
  return missing === undefined ? 'is ready, and will be an endpoint soon' : `has no port by the name ${missing}`
}

function waiting(status: Pod['status']): string | undefined {
  for (const { name, state } of status?.containerStatuses ?? []) {
    if (state?.waiting?.reason !== undefined) return `container ${name} waits (${state.waiting.reason})`
    if (state?.terminated) return `container ${name} has ended with ${state.terminated.exitCode}`
  }
  return undefined
}

function tally(values: Iterable<string>): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3)
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
const have = (n: number): string => (n === 1 ? 'has' : 'have')
