import { message, type Method } from '#grpc'

/** Served by plugins (pluginregistration v1), by the field names of our records. */
export const registration: { readonly [name in 'info' | 'notify']: Method } = {
  info: {
    path: '/pluginregistration.Registration/GetInfo',
    request: message({}),
    response: message({
      type: [1, 'string'],
      name: [2, 'string'],
      endpoint: [3, 'string'],
      versions: [4, 'string', 'repeated'],
    }),
  },
  notify: {
    path: '/pluginregistration.Registration/NotifyRegistrationStatus',
    request: message({ pluginRegistered: [1, 'bool'], error: [2, 'string'] }),
    response: message({}),
  },
}
