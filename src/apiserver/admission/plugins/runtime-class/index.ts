import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import type { RuntimeClass } from '#api/node/v1'
import { deepEqual } from '#base'
import { failure, Quantity, quote } from '#machinery'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { draftOf, isAbout, refused, unknownName } from '../../refusal.ts'
import { mergeTolerations } from './tolerations.ts'

/** Gives pods what their runtime costs, and sends them where it is. */
export function runtimeClass(services: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE'],
    resources: ['/pods'],
    admit(attributes) {
      if (!isAbout(attributes, '', 'pods')) return
      const pod = draftOf<Pod>(attributes)
      const found = classOf(services, pod, attributes)
      if (!found) return
      setOverhead(pod, found, attributes)
      setScheduling(pod, found, attributes)
    },
    validate(attributes) {
      if (!isAbout(attributes, '', 'pods')) return
      const pod = draftOf<Pod>(attributes)
      const overhead = classOf(services, pod, attributes)?.overhead
      if (overhead) {
        if (!sameQuantities(overhead.podFixed, pod.spec.overhead)) throw refused(attributes, otherOverhead)
      } else if (pod.spec.overhead !== undefined) {
        const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'
        throw refused(attributes, why)
      }
    },
  }
}

const otherOverhead = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"

function classOf({ peek }: Services, pod: Draft<Pod>, attributes: AdmissionAttributes): RuntimeClass | undefined {
  const name = pod.spec.runtimeClassName
  if (name === undefined) return undefined
  const found = peek<RuntimeClass>('node.k8s.io', 'runtimeclasses', '', name)
  const unfit = found ? undefined : unknownName(name)
  if (unfit !== undefined) throw failure(500, '', unfit)
  if (!found) throw refused(attributes, `pod rejected: RuntimeClass ${quote(name)} not found`)
  return found
}

function setOverhead({ spec }: Draft<Pod>, { overhead }: RuntimeClass, attributes: AdmissionAttributes): void {
  if (!overhead) return
  if (Object.keys(spec.overhead ?? {}).length > 0 && !sameQuantities(overhead.podFixed, spec.overhead))
    throw refused(attributes, otherOverhead)
  if (overhead.podFixed) spec.overhead = { ...overhead.podFixed }
  else delete spec.overhead
}

function setScheduling({ spec }: Draft<Pod>, { scheduling }: RuntimeClass, attributes: AdmissionAttributes): void {
  if (!scheduling) return
  const { nodeSelector = {}, tolerations = [] } = scheduling
  for (const [key, value] of Object.entries(nodeSelector)) {
    const own = spec.nodeSelector?.[key]
    if (own !== undefined && own !== value)
      throw refused(
        attributes,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      )
  }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector }
  const merged = mergeTolerations(spec.tolerations ?? [], tolerations)
  if (merged.length > 0) spec.tolerations = merged.map((toleration) => ({ ...toleration }))
}

interface Quantities {
  readonly [name: string]: string
}

function sameQuantities(a: Quantities = {}, b: Quantities = {}): boolean {
  const names = Object.keys(a)
  return (
    deepEqual(names.sort(), Object.keys(b).sort()) &&
    names.every((name) => Quantity.parse(a[name] ?? '0').equals(Quantity.parse(b[name] ?? '0')))
  )
}
