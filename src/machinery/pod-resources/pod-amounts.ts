import type { Container, Pod, PodSpec } from '#api/core/v1'
import type { Quantity } from '../quantity/quantity.ts'
import { addInto, amountsOf, raiseInto } from './amounts.ts'
import type { Amounts, ResourceList } from './amounts.ts'

export type AmountKind = 'requests' | 'limits'

export interface PodAmountOptions {
  /** Adds what the runtime class costs; limits that are not there, or are zero, stay as they are. */
  readonly overhead?: boolean
  /**
   * Takes what the node tells into account while a resize is under way: of what is wanted, given and in force, the most
   * counts (KEP-1287). `containers`: what it tells of containers; `pod`: of the pod as a whole as well.
   */
  readonly resized?: 'containers' | 'pod'
  /** What containers count with that name no amount of a resource. */
  readonly missing?: Amounts
}

/** What the node tells of a resize. */
interface Told {
  readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList }
  readonly allocatedResources?: ResourceList
}

/**
 * What a pod asks for, or is limited to, as a whole: the sum of its containers and sidecars, or what its start needs
 * where that is more (KEP-753); what the pod itself says counts before both (KEP-2837).
 */
export function podAmounts(pod: Pod, kind: AmountKind, options: PodAmountOptions = {}): Map<string, Quantity> {
  const { spec, status } = pod
  if (!spec) return new Map()
  const { resized, missing } = options
  const told = resized === undefined ? undefined : toldContainers(pod)
  const isInfeasible = told !== undefined && isResizeInfeasible(pod)
  const sum = aggregate(spec, (container, isInit) => {
    const wanted = container.resources?.[kind]
    const known = isInit && !isSidecar(container) ? undefined : told?.get(container.name)
    const amounts = known ? inForce(wanted, known, kind, isInfeasible) : amountsOf(wanted)
    if (missing) for (const [name, amount] of missing) if (!amounts.has(name)) amounts.set(name, amount)
    return amounts
  })
  const whole = resized === 'pod' && status?.resources ? status : undefined
  override(sum, spec.resources?.[kind], whole && inForce(spec.resources?.[kind], whole, kind, isInfeasible))
  if (options.overhead === true && spec.overhead) addOverhead(sum, amountsOf(spec.overhead), kind)
  return sum
}

/** What all containers of a pod take together; of what the pod says of itself nothing is in it. */
export function containerAmounts(spec: PodSpec, kind: AmountKind): Map<string, Quantity> {
  return aggregate(spec, ({ resources }) => amountsOf(resources?.[kind]))
}

/** Runs beside the containers that follow it. */
export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always'
}

/** Resources that a pod may ask for as a whole. */
export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

/** Containers by name, those of whose resources the node tells. */
function toldContainers({ status }: Pod): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>()
  for (const list of [status?.containerStatuses, status?.initContainerStatuses]) {
    for (const container of list ?? []) if (container.resources) told.set(container.name, container)
  }
  return told
}

function isResizeInfeasible({ status }: Pod): boolean {
  return status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible'
}

/** What was wanted and can't be is left out. */
function inForce(
  wanted: ResourceList | undefined,
  { resources, allocatedResources }: Told,
  kind: AmountKind,
  isInfeasible: boolean,
): Map<string, Quantity> {
  const most = amountsOf(isInfeasible ? undefined : wanted)
  raiseInto(most, amountsOf(resources?.[kind]))
  if (kind === 'requests') raiseInto(most, amountsOf(allocatedResources))
  return most
}

function override(sum: Map<string, Quantity>, own: ResourceList | undefined, told: Amounts | undefined): void {
  for (const [name, amount] of amountsOf(own)) {
    if (isPodLevelResource(name)) sum.set(name, told?.get(name) ?? amount)
  }
}

function addOverhead(sum: Map<string, Quantity>, overhead: Amounts, kind: AmountKind): void {
  if (kind === 'requests') return addInto(sum, overhead)
  addInto(sum, new Map([...overhead].filter(([name]) => !(sum.get(name)?.isZero() ?? true))))
}

/** While an init container runs, so do the sidecars that start before it. */
function aggregate(
  spec: PodSpec,
  amountsOfContainer: (container: Container, isInit: boolean) => Amounts,
): Map<string, Quantity> {
  const sum = new Map<string, Quantity>()
  for (const container of spec.containers ?? []) addInto(sum, amountsOfContainer(container, false))
  if (!spec.initContainers?.length) return sum
  const sidecars = new Map<string, Quantity>()
  const starting = new Map<string, Quantity>()
  for (const container of spec.initContainers) {
    const own = amountsOfContainer(container, true)
    if (isSidecar(container)) {
      addInto(sum, own)
      addInto(sidecars, own)
      raiseInto(starting, sidecars)
    } else {
      const together = new Map(own)
      addInto(together, sidecars)
      raiseInto(starting, together)
    }
  }
  raiseInto(sum, starting)
  return sum
}
