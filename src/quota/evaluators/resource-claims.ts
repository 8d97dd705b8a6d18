import type { DeviceSubRequest, ExactDeviceRequest, ResourceClaim } from '#api/resource/v1'
import { Quantity } from '#machinery'
import { addInto, raiseInto } from '#machinery'
import { one } from '../amounts.ts'
import { countName } from '../evaluator.ts'
import type { QuotaEvaluator } from '../evaluator.ts'

const count = countName('resource.k8s.io', 'resourceclaims')
const ofClass = '.deviceclass.resource.k8s.io/devices'

/** Most devices that one request can be given. */
const mostDevices = 32

export const resourceClaimEvaluator: QuotaEvaluator = {
  handles: ({ subresource }) => subresource === '',
  covers: (name) => name === count || name.endsWith(ofClass),
  usage(object) {
    const used = new Map([[count, one]])
    for (const { exactly, firstAvailable = [] } of (object as ResourceClaim).spec.devices?.requests ?? []) {
      // Only one of the alternatives is taken: of each class the most counts.
      const most = new Map<string, Quantity>()
      for (const request of firstAvailable) raiseInto(most, devices(request))
      if (exactly && firstAvailable.length === 0) addInto(used, devices(exactly))
      else addInto(used, most)
    }
    return used
  },
}

function devices({
  deviceClassName,
  allocationMode,
  count: wanted = 0,
}: DeviceSubRequest | ExactDeviceRequest): ReadonlyMap<string, Quantity> {
  const number = allocationMode === 'All' ? mostDevices : allocationMode === 'ExactCount' ? wanted : 0
  return new Map([[deviceClassName + ofClass, Quantity.of(number)]])
}
