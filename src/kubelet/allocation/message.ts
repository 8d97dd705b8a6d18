import type { Container, Pod } from '#api/core/v1'
import { specOf } from '../pods/containers.ts'

/** What an event about a resize says: the resources of all containers, as JSON. */
export function resizeMessage(prefix: string, pod: Pod, generation: number, error = ''): string {
  const { initContainers = [], containers } = specOf(pod)
  const sizes = (list: readonly Container[]): object[] =>
    list.map(({ name, resources: { limits, requests } = {} }) => ({
      name,
      resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
    }))
  const summary = {
    ...(initContainers.length > 0 ? { initContainers: sizes(initContainers) } : {}),
    ...(containers.length > 0 ? { containers: sizes(containers) } : {}),
    generation,
    ...(error === '' ? {} : { error }),
  }
  return `${prefix}: ${JSON.stringify(summary)}`
}
