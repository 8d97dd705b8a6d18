import type { Container, EphemeralContainer, PodSpec } from '#api/core/v1'
import type { Path } from '#machinery'

/** A container of any of the three lists. */
export type AnyContainer = Container | EphemeralContainer

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const

/** Every container: init containers first, then those of the pod, then ephemeral ones. */
export function containersOf(spec: PodSpec | undefined): readonly AnyContainer[] {
  if (!spec) return []
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
}

/** The same, each with its place below the path of the spec. */
export function containersWithPath(spec: PodSpec, path: Path): readonly (readonly [AnyContainer, Path])[] {
  const all: (readonly [AnyContainer, Path])[] = []
  for (const list of containerLists) {
    const containers = spec[list]
    if (!containers) continue
    const at = path.child(list)
    containers.forEach((container, index) => all.push([container, at.index(index)]))
  }
  return all
}

/** An init container that runs beside the others for the life of the pod. */
export const isSidecar = (container: AnyContainer): boolean => container.restartPolicy === 'Always'
