import type { CustomResourceColumnDefinition, CustomResourceDefinition, JSONSchemaProps } from '#api/apiextensions/v1'
import {
  backendTlsPolicies,
  gatewayClasses,
  gatewayGroup,
  gateways,
  grpcRoutes,
  httpRoutes,
  referenceGrants,
} from '../types.ts'
import { backendTlsPolicySpec, backendTlsPolicyStatus } from './backend-tls.ts'
import { routeStatus } from './common.ts'
import { gatewayClassSpec, gatewayClassStatus, gatewaySpec, gatewayStatus, referenceGrantSpec } from './gateway.ts'
import { grpcRouteSpec, httpRouteSpec } from './routes.ts'
import { record, text } from './schema.ts'
import type { Schema } from './schema.ts'

/** Release whose definitions these are, of the standard channel. */
const release = 'v1.6.1'

interface Definition {
  readonly resource: { readonly plural: string; readonly kind: string; readonly namespaced: boolean }
  readonly shortNames?: readonly string[]
  /** The first is stored. */
  readonly versions?: readonly string[]
  readonly spec: Schema
  readonly status?: Schema
  readonly columns: readonly CustomResourceColumnDefinition[]
}

const age: CustomResourceColumnDefinition = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }
const hostNames: CustomResourceColumnDefinition = { name: 'Hostnames', type: 'string', jsonPath: '.spec.hostnames' }
const conditionColumn = (type: string): CustomResourceColumnDefinition => ({
  name: type,
  type: 'string',
  jsonPath: `.status.conditions[?(@.type=="${type}")].status`,
})

const definitions: readonly Definition[] = [
  {
    resource: gatewayClasses,
    shortNames: ['gc'],
    spec: gatewayClassSpec,
    status: gatewayClassStatus,
    columns: [
      { name: 'Controller', type: 'string', jsonPath: '.spec.controllerName' },
      conditionColumn('Accepted'),
      age,
      { name: 'Description', type: 'string', jsonPath: '.spec.description', priority: 1 },
    ],
  },
  {
    resource: gateways,
    shortNames: ['gtw'],
    spec: gatewaySpec,
    status: gatewayStatus,
    columns: [
      { name: 'Class', type: 'string', jsonPath: '.spec.gatewayClassName' },
      { name: 'Address', type: 'string', jsonPath: '.status.addresses[*].value' },
      conditionColumn('Programmed'),
      age,
    ],
  },
  { resource: httpRoutes, spec: httpRouteSpec, status: routeStatus, columns: [hostNames, age] },
  { resource: grpcRoutes, spec: grpcRouteSpec, status: routeStatus, columns: [hostNames, age] },
  {
    resource: referenceGrants,
    shortNames: ['refgrant'],
    versions: ['v1beta1', 'v1'],
    spec: referenceGrantSpec,
    columns: [age],
  },
  {
    resource: backendTlsPolicies,
    shortNames: ['btlspolicy'],
    spec: backendTlsPolicySpec,
    status: backendTlsPolicyStatus,
    columns: [age],
  },
]

/** Definitions of the resources of Gateway API that are served here. */
export const gatewayDefinitions: readonly CustomResourceDefinition[] = definitions.map(
  ({ resource: { plural, kind, namespaced }, shortNames = [], versions = ['v1'], spec, status, columns }) => ({
    metadata: {
      name: `${plural}.${gatewayGroup}`,
      annotations: {
        'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/4530',
        'gateway.networking.k8s.io/bundle-version': release,
        'gateway.networking.k8s.io/channel': 'standard',
      },
    },
    spec: {
      group: gatewayGroup,
      names: {
        plural,
        kind,
        listKind: `${kind}List`,
        singular: kind.toLowerCase(),
        categories: ['gateway-api'],
        ...(shortNames.length === 0 ? {} : { shortNames }),
      },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        additionalPrinterColumns: columns,
        ...(status ? { subresources: { status: {} } } : {}),
        schema: {
          openAPIV3Schema: schemaOf(spec, status),
        },
      })),
    },
  }),
)

function schemaOf(spec: Schema, status: Schema | undefined): JSONSchemaProps {
  const parts = { apiVersion: text(), kind: text(), metadata: { type: 'object' }, spec, ...(status ? { status } : {}) }
  return record(parts, ['spec'])
}
