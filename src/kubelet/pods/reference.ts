import { podReference } from '#client'
import type { Container, ObjectReference, Pod } from '#api/core/v1'
import { specOf } from './containers.ts'

/** A container of the pod, as events refer to it: the pod, and where in it. */
export function containerReference(pod: Pod, container: Pick<Container, 'name'>): ObjectReference {
  return { ...podReference(pod), fieldPath: fieldPathOf(pod, container.name) }
}

function fieldPathOf(pod: Pod, name: string): string {
  const { containers, initContainers = [] } = specOf(pod)
  const within = (list: readonly { readonly name: string }[]): boolean => list.some((item) => item.name === name)
  if (within(containers)) return `spec.containers{${name}}`
  if (within(initContainers)) return `spec.initContainers{${name}}`
  return `spec.ephemeralContainers{${name}}`
}
