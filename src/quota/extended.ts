const prefix = 'requests.'
const ofDeviceClass = 'deviceclass.resource.kubernetes.io/'

/** Whether a resource has the name of one that is not Kubernetes' own, or that stands for a class of devices (KEP-5004). */
export function isExtended(name: string): boolean {
  return name.includes('/') && (!name.includes('kubernetes.io/') || name.startsWith(ofDeviceClass))
}

/** The extended resource whose requests a quota limits under a name; `undefined` when it limits something else. */
export function extendedOf(name: string): string | undefined {
  const resource = name.startsWith(prefix) ? name.slice(prefix.length) : ''
  return isExtended(resource) ? resource : undefined
}

/** The name under which quotas limit requests for an extended resource. */
export const requestsOf = (resource: string): string => prefix + resource

/** The extended resource that every class of devices has without saying so. */
export const implicitResource = (deviceClass: string): string => ofDeviceClass + deviceClass
