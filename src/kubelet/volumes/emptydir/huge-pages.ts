import { amountOf } from '#machinery'
import type { Pod } from '#api/core/v1'
import { specOf } from '../../pods/containers.ts'

const medium = 'HugePages'
const resource = 'hugepages-'

/**
 * Size of the pages of a volume of a medium, `HugePages` or `HugePages-<size>`, as a quantity: one that the pod requests.
 *
 * @throws Error with the message users see when the pod requests none of that size, or several and the medium names none.
 */
export function pageSizeOf(pod: Pod, wanted: string): string {
  const requested = requestedSizes(pod)
  const fitting =
    wanted === medium ? requested : requested.filter((size) => isSame(size, wanted.slice(medium.length + 1)))
  const [first] = fitting
  if (first === undefined) {
    throw new Error(`medium ${wanted}: hugePages storage requested, but there is no resource request for huge pages`)
  }
  if (fitting.some((size) => !isSame(size, first))) {
    throw new Error(`medium: ${wanted} can't be used if container requests multiple huge page sizes`)
  }
  return first
}

/** Of init containers too; only there, not of the ephemeral ones, which have no resources. */
function requestedSizes(pod: Pod): string[] {
  const { resources, containers, initContainers = [] } = specOf(pod)
  const lists = [resources?.requests, ...[...containers, ...initContainers].map((one) => one.resources?.requests)]
  const names = lists.flatMap((list) => Object.keys(list ?? {}))
  return names.filter((name) => name.startsWith(resource)).map((name) => name.slice(resource.length))
}

const isSame = (a: string, b: string): boolean => amountOf(a).compare(amountOf(b)) === 0
