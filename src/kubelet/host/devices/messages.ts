import { message, type Message, type Method } from '#grpc'

/** The messages of v1beta1, by the field names of our records. */

const empty = message({})
const topology = message({ nodes: [1, message({ id: [1, 'int'] }), 'repeated'] })
const device = message({ id: [1, 'string'], health: [2, 'string'], topology: [3, topology] })
const options = message({ preStartRequired: [1, 'bool'], getPreferredAllocationAvailable: [2, 'bool'] })
const ids = message({ ids: [1, 'string', 'repeated'] })

/** What a plugin grants for a container. */
export const grant: Message = message({
  envs: [1, 'map'],
  mounts: [2, message({ containerPath: [1, 'string'], hostPath: [2, 'string'], readOnly: [3, 'bool'] }), 'repeated'],
  devices: [
    3,
    message({ containerPath: [1, 'string'], hostPath: [2, 'string'], permissions: [3, 'string'] }),
    'repeated',
  ],
  annotations: [4, 'map'],
  cdiDevices: [5, message({ name: [1, 'string'] }), 'repeated'],
})

/** Served by the agent. */
export const registration: { readonly register: Method } = {
  register: {
    path: '/v1beta1.Registration/Register',
    request: message({
      version: [1, 'string'],
      endpoint: [2, 'string'],
      resourceName: [3, 'string'],
      options: [4, options],
    }),
    response: empty,
  },
}

/** Served by plugins. */
export const devicePlugin: { readonly [name in 'options' | 'watch' | 'preferred' | 'allocate' | 'preStart']: Method } =
  {
    options: { path: '/v1beta1.DevicePlugin/GetDevicePluginOptions', request: empty, response: options },
    watch: {
      path: '/v1beta1.DevicePlugin/ListAndWatch',
      request: empty,
      response: message({ devices: [1, device, 'repeated'] }),
    },
    preferred: {
      path: '/v1beta1.DevicePlugin/GetPreferredAllocation',
      request: message({
        containerRequests: [
          1,
          message({ available: [1, 'string', 'repeated'], mustInclude: [2, 'string', 'repeated'], size: [3, 'int'] }),
          'repeated',
        ],
      }),
      response: message({ containerResponses: [1, ids, 'repeated'] }),
    },
    allocate: {
      path: '/v1beta1.DevicePlugin/Allocate',
      request: message({ containerRequests: [1, ids, 'repeated'] }),
      response: message({ containerResponses: [1, grant, 'repeated'] }),
    },
    preStart: { path: '/v1beta1.DevicePlugin/PreStartContainer', request: ids, response: empty },
  }
