import { enumeration, message, type Message, type Method } from '#grpc'

/** The messages of dra v1, by the field names of our records; v1beta1 has the same but for shares of devices. */

const claim = message({ namespace: [1, 'string'], uid: [2, 'string'], name: [3, 'string'] })
const claims = message({ claims: [1, claim, 'repeated'] })
const device = message({
  requestNames: [1, 'string', 'repeated'],
  poolName: [2, 'string'],
  deviceName: [3, 'string'],
  cdiDeviceIds: [4, 'string', 'repeated'],
  shareId: [5, 'string'],
})

const byClaim = (answer: Message): Message =>
  message({ claims: [1, message({ uid: [1, 'string'], answer: [2, answer] }), 'repeated'] })

const prepared = byClaim(message({ devices: [1, device, 'repeated'], error: [2, 'string'] }))
const unprepared = byClaim(message({ error: [1, 'string'] }))

export interface DraMethods {
  readonly prepare: Method
  readonly unprepare: Method
}

/** Served by drivers, by the names under which these tell of them. */
export const draServices: { readonly [service: string]: DraMethods } = {
  'v1.DRAPlugin': methodsOf('v1'),
  'v1beta1.DRAPlugin': methodsOf('v1beta1'),
}

function methodsOf(version: string): DraMethods {
  const service = `/k8s.io.kubelet.pkg.apis.dra.${version}.DRAPlugin`
  return {
    prepare: { path: `${service}/NodePrepareResources`, request: claims, response: prepared },
    unprepare: { path: `${service}/NodeUnprepareResources`, request: claims, response: unprepared },
  }
}

const health = enumeration('Unknown', 'Healthy', 'Unhealthy')

/** Served by drivers that watch over their devices (dra-health v1alpha1). */
export const draHealth: { readonly watch: Method } = {
  watch: {
    path: '/v1alpha1.DRAResourceHealth/NodeWatchResources',
    request: message({}),
    response: message({
      devices: [
        1,
        message({
          device: [1, message({ poolName: [1, 'string'], deviceName: [2, 'string'] })],
          health: [2, health],
          lastUpdatedTime: [3, 'int'],
          healthCheckTimeoutSeconds: [4, 'int'],
          message: [5, 'string'],
        }),
        'repeated',
      ],
    }),
  },
}
