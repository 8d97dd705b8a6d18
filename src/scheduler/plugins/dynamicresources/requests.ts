import type {
  CapacityRequirements,
  DeviceRequest,
  DeviceSelector,
  DeviceTaint,
  DeviceToleration,
} from '#api/resource/v1'
import { tolerates } from '#machinery'

/** One way to meet a request. */
export interface Alternative {
  /** `request`, or `request/subrequest`. */
  readonly name: string
  readonly className: string
  readonly selectors: readonly DeviceSelector[]
  readonly all: boolean
  readonly count: number
  readonly adminAccess: boolean
  readonly tolerations: readonly DeviceToleration[]
  readonly capacity: CapacityRequirements | undefined
}

/** Ways to meet a request, the best first. */
export function alternativesOf({ exactly, firstAvailable = [], name }: DeviceRequest): readonly Alternative[] {
  if (exactly) return [alternative(name, exactly, exactly.adminAccess === true)]
  return firstAvailable.map((sub) => alternative(`${name}/${sub.name}`, sub, false))
}

function alternative(
  name: string,
  request: {
    readonly deviceClassName: string
    readonly selectors?: readonly DeviceSelector[]
    readonly allocationMode?: string
    readonly count?: number
    readonly tolerations?: readonly DeviceToleration[]
    readonly capacity?: CapacityRequirements
  },
  adminAccess: boolean,
): Alternative {
  return {
    name,
    className: request.deviceClassName,
    selectors: request.selectors ?? [],
    all: request.allocationMode === 'All',
    count: request.count ?? 1,
    adminAccess,
    tolerations: request.tolerations ?? [],
    capacity: request.capacity,
  }
}

/** Whether a list of requests means one: by its name, or with all its subrequests. */
export function means(requests: readonly string[], name: string): boolean {
  return requests.includes(name) || requests.includes(name.split('/')[0] ?? '')
}

/** Whether a request may get a device with these taints. */
export function toleratesAll(tolerations: readonly DeviceToleration[], taints: readonly DeviceTaint[] = []): boolean {
  return taints.every((taint) => taint.effect === 'None' || tolerations.some((one) => tolerates(one, taint)))
}
