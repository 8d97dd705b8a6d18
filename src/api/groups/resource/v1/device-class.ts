import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of resource.k8s.io v1: classes of devices, and how devices are chosen and configured. */
export const deviceClass: GroupVersionPart = {
  resources: {
    deviceclasses: {
      kind: 'DeviceClass',
      singular: 'deviceclass',
      clusterScoped: true,
      storageVersionHash: 'Yk2PTc1Ybxk=',
      lifecycle: { introduced: '1.34' },
      fieldSelectors: ['metadata.namespace'],
    },
  },
  types: {
    CELDeviceSelector: {
      fields: {
        expression: { id: 1, type: 'string', required: true },
      },
    },
    DeviceClass: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'DeviceClassSpec', required: true },
      },
    },
    DeviceClassConfiguration: {
      fields: {
        '...DeviceConfiguration': { id: 1 },
      },
    },
    DeviceClassSpec: {
      fields: {
        selectors: { id: 1, type: '[]DeviceSelector', listType: 'atomic', rules: { optional: true, maxItems: '32' } },
        config: {
          id: 2,
          type: '[]DeviceClassConfiguration',
          listType: 'atomic',
          rules: { optional: true, maxItems: '32' },
        },
        extendedResourceName: {
          id: 4,
          type: '*string',
          gate: 'DRAExtendedResource',
          rules: { optional: true, format: 'k8s-extended-resource-name' },
        },
      },
    },
    DeviceConfiguration: {
      openapi: false,
      fields: {
        opaque: { id: 1, type: '*OpaqueDeviceConfiguration', oneOf: 'ConfigurationType', rules: { optional: true } },
      },
    },
    DeviceSelector: {
      fields: {
        cel: { id: 1, type: '*CELDeviceSelector', oneOf: 'SelectorType' },
      },
    },
    OpaqueDeviceConfiguration: {
      fields: {
        driver: {
          id: 1,
          type: 'string',
          required: true,
          rules: { required: true, format: 'k8s-long-name-caseless', maxLength: '63' },
        },
        parameters: { id: 2, type: 'rawExtension', required: true },
      },
    },
  },
}
