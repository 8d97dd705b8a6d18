import type { Pod } from '#api/core/v1'

interface Run {
  readonly name: string
  readonly image?: string
}

/** Whether an update of a pod brings in something that was not checked: other containers, other images. */
export function isSignificant({ spec }: Pod, { spec: old }: Pod): boolean {
  return (
    differ(spec.containers ?? [], old.containers) ||
    differ(spec.initContainers ?? [], old.initContainers ?? []) ||
    (spec.ephemeralContainers ?? []).some(({ name, image }) => {
      const before = (old.ephemeralContainers ?? []).find((each) => each.name === name)
      return !before || before.image !== image
    })
  )
}

function differ(containers: readonly Run[], old: readonly Run[]): boolean {
  return containers.length !== old.length || containers.some(({ image }, index) => image !== old[index]?.image)
}
