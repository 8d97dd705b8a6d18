import type { Pod, ServicePort } from '#api/core/v1'
import { encodeText } from '#machinery'
import { dumpApiValue } from '../hash/dump.ts'
import { fnv128a } from '../hash/fnv128a.ts'

/** Number of the port of a pod that a port of a Service means; `undefined` when the pod has none of that name. */
export function findPort({ spec }: Pod, { targetPort, protocol = 'TCP' }: ServicePort): number | undefined {
  if (typeof targetPort !== 'string') return targetPort ?? 0
  const named = ({ name, protocol: of = 'TCP' }: { readonly name?: string; readonly protocol?: string }): boolean =>
    name === targetPort && of === protocol
  for (const { ports = [] } of spec.containers) {
    const found = ports.find(named)
    if (found) return found.containerPort
  }
  for (const { ports = [], restartPolicy } of spec.initContainers ?? []) {
    if (restartPolicy !== 'Always') continue
    const found = ports.find(named)
    if (found) return found.containerPort
  }
  return undefined
}

/** Values of the API in the order in which lists of endpoints hold them: by their hash. */
export function sortedByHash<T>(type: string, values: readonly T[]): readonly T[] {
  if (values.length < 2) return values
  return values
    .map((value) => ({ value, hash: hashOf(type, value) }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0))
    .map(({ value }) => value)
}

export function hashOf(type: string, value: unknown): string {
  return fnv128a(encodeText(dumpApiValue(type, value)))
}
