import { message, type Method } from '#grpc'

/** The messages of podresources v1, by the field names of our records. */

const empty = message({})
const topology = message({ nodes: [1, message({ id: [1, 'int'] }), 'repeated'] })
const devices = message({ resourceName: [1, 'string'], deviceIds: [2, 'string', 'repeated'], topology: [3, topology] })
const memory = message({ memoryType: [1, 'string'], size: [2, 'int'], topology: [3, topology] })
const claimedDevice = message({
  cdiDevices: [1, message({ name: [1, 'string'] }), 'repeated'],
  driverName: [2, 'string'],
  poolName: [3, 'string'],
  deviceName: [4, 'string'],
  shareId: [5, 'string'],
})
const claim = message({
  claimName: [2, 'string'],
  claimNamespace: [3, 'string'],
  claimResources: [4, claimedDevice, 'repeated'],
})
const container = message({
  name: [1, 'string'],
  devices: [2, devices, 'repeated'],
  cpuIds: [3, 'int', 'repeated'],
  memory: [4, memory, 'repeated'],
  dynamicResources: [5, claim, 'repeated'],
})
const pod = message({ name: [1, 'string'], namespace: [2, 'string'], containers: [3, container, 'repeated'] })

const service = '/v1.PodResourcesLister'

/** Served by the agent. */
export const podResources: { readonly [name in 'list' | 'get' | 'allocatable' | 'listAlpha']: Method } = {
  list: { path: `${service}/List`, request: empty, response: message({ podResources: [1, pod, 'repeated'] }) },
  get: {
    path: `${service}/Get`,
    request: message({ podName: [1, 'string'], podNamespace: [2, 'string'] }),
    response: message({ podResources: [1, pod] }),
  },
  allocatable: {
    path: `${service}/GetAllocatableResources`,
    request: empty,
    response: message({
      devices: [1, devices, 'repeated'],
      cpuIds: [2, 'int', 'repeated'],
      memory: [3, memory, 'repeated'],
    }),
  },
  listAlpha: {
    path: '/v1alpha1.PodResourcesLister/List',
    request: empty,
    response: message({ podResources: [1, pod, 'repeated'] }),
  },
}
