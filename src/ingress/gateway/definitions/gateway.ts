import {
  addressType,
  annotationValue,
  conditions,
  controllerName,
  group,
  hostName,
  hostNamePattern,
  kind,
  labelSelector,
  localRef,
  namespace,
  objectName,
  pending,
  port,
  routeKind,
  secretRef,
  sectionName,
} from './common.ts'
import { choice, list, listBy, mapOf, record, text, whole, withDefault } from './schema.ts'
import type { Rule, Schema } from './schema.ts'

const address = (value: Schema, required: readonly string[], rule: Rule): Schema => ({
  ...record({ type: addressType, value }, required, [rule]),
  oneOf: [
    { properties: { type: { enum: ['IPAddress'] }, value: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] } } },
    { properties: { type: { not: { enum: ['IPAddress'] } } } },
  ],
})

const isHostName = (empty: string): string =>
  `self.type == 'Hostname' ? ${empty}self.value.matches(r"""${hostNamePattern}""")`

const asked = address(
  text({ maxLength: 253 }),
  [],
  [
    `Hostname value must be empty or contain only valid characters (matching ${hostNamePattern})`,
    `self.type == 'Hostname' ? (!has(self.value) || self.value.matches(r"""${hostNamePattern}""")): true`,
  ],
)
const given = address(
  text({ minLength: 1, maxLength: 253 }),
  ['value'],
  [`Hostname value must only contain valid characters (matching ${hostNamePattern})`, `${isHostName('')}: true`],
)

const unique = (type: string, space: string): Rule => [
  `${type} values must be unique`,
  `self.all(a1, a1.type == '${type}' ${space}&& has(a1.value) ? self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )`,
]

const keyPattern =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$'
const keys = (what: string): Rule[] => [
  [
    `${what} keys must be in the form of an optional DNS subdomain prefix followed by a required name segment of up to 63 characters.`,
    `self.all(key, key.matches(r"""${keyPattern}"""))`,
  ],
  [
    `If specified, the ${what.toLowerCase()} key's prefix must be a DNS subdomain not longer than 253 characters in total.`,
    'self.all(key, key.split("/")[0].size() < 253)',
  ],
]

const infrastructure = record({
  annotations: mapOf(annotationValue, 16, keys('Annotation')),
  labels: mapOf(
    text({ minLength: 0, maxLength: 63, pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$' }),
    8,
    keys('Label'),
  ),
  parametersRef: localRef,
})

const from = (usual: string, ...values: readonly string[]): Schema =>
  withDefault(record({ from: withDefault(choice(...values), usual), selector: labelSelector }), {
    from: usual,
  })

const listener = record(
  {
    allowedRoutes: withDefault(
      record({ kinds: list(routeKind, 8), namespaces: from('Same', 'All', 'Selector', 'Same') }),
      { namespaces: { from: 'Same' } },
    ),
    hostname: hostName,
    name: sectionName,
    port,
    protocol: text({
      minLength: 1,
      maxLength: 255,
      pattern:
        '^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9]+$',
    }),
    tls: record(
      {
        certificateRefs: list(secretRef, 64),
        mode: withDefault(choice('Terminate', 'Passthrough'), 'Terminate'),
        options: mapOf(annotationValue, 16),
      },
      [],
      [
        [
          'certificateRefs or options must be specified when mode is Terminate',
          "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
        ],
      ],
    ),
  },
  ['name', 'port', 'protocol'],
)

const listenerRules: readonly Rule[] = [
  [
    "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
    "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
  ],
  [
    'tls mode must be Terminate for protocol HTTPS',
    "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
  ],
  [
    'tls mode must be set for protocol TLS',
    "self.all(l, (l.protocol == 'TLS' ? has(l.tls) && has(l.tls.mode) && l.tls.mode != '' : true))",
  ],
  [
    "hostname must not be specified for protocols ['TCP', 'UDP']",
    "self.all(l, l.protocol in ['TCP', 'UDP']  ? (!has(l.hostname) || l.hostname == '') : true)",
  ],
  ['Listener name must be unique within the Gateway', 'self.all(l1, self.exists_one(l2, l1.name == l2.name))'],
  [
    'Combination of port, protocol and hostname must be unique for each listener',
    'self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))',
  ],
]

const byName = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], minItems: 1 } as const

const frontend = record({
  validation: record(
    {
      caCertificateRefs: list(record({ group, kind, name: objectName, namespace }, ['group', 'kind', 'name']), 16, {
        'x-kubernetes-list-type': 'atomic',
        minItems: 1,
      }),
      mode: withDefault(choice('AllowValidOnly', 'AllowInsecureFallback'), 'AllowValidOnly'),
    },
    ['caCertificateRefs'],
  ),
})

const gatewayTls = record({
  backend: record({ clientCertificateRef: secretRef }),
  frontend: record(
    {
      default: frontend,
      perPort: list(
        record({ port, tls: frontend }, ['port', 'tls']),
        64,
        { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port'] },
        [
          [
            'Port for TLS configuration must be unique within the Gateway',
            'self.all(t1, self.exists_one(t2, t1.port == t2.port))',
          ],
        ],
      ),
    },
    ['default'],
  ),
})

export const gatewaySpec: Schema = record(
  {
    addresses: list(asked, 16, undefined, [unique('IPAddress', ''), unique('Hostname', ' ')]),
    allowedListeners: record({ namespaces: from('None', 'All', 'Selector', 'Same', 'None') }),
    gatewayClassName: objectName,
    infrastructure,
    listeners: list(listener, 64, { ...byName, 'x-kubernetes-list-map-keys': ['name'] }, listenerRules),
    tls: gatewayTls,
  },
  ['gatewayClassName', 'listeners'],
)

const unseen = (...types: readonly string[]): Schema => conditions({ default: pending(...types) })

const statusOf = (types: readonly string[], fields: { readonly [name: string]: Schema }): Schema =>
  withDefault(record({ ...fields, conditions: unseen(...types) }), { conditions: pending(...types) })

export const gatewayStatus: Schema = statusOf(['Accepted', 'Programmed'], {
  addresses: list(given, 16),
  attachedListenerSets: whole(),
  listeners: listBy(
    'name',
    record(
      {
        attachedRoutes: whole(),
        conditions: conditions(),
        name: sectionName,
        supportedKinds: list(routeKind, 8),
      },
      ['attachedRoutes', 'conditions', 'name'],
    ),
    64,
  ),
})

export const gatewayClassSpec: Schema = record(
  {
    controllerName: {
      ...controllerName,
      'x-kubernetes-validations': [{ message: 'Value is immutable', rule: 'self == oldSelf' }],
    },
    description: text({ maxLength: 64 }),
    parametersRef: record({ group, kind, name: objectName, namespace }, ['group', 'kind', 'name']),
  },
  ['controllerName'],
)

export const gatewayClassStatus: Schema = statusOf(['Accepted'], {
  supportedFeatures: listBy('name', record({ name: text() }, ['name']), 64),
})

export const referenceGrantSpec: Schema = record(
  {
    from: list(record({ group, kind, namespace }, ['group', 'kind', 'namespace']), 16, {
      'x-kubernetes-list-type': 'atomic',
      minItems: 1,
    }),
    to: list(record({ group, kind, name: objectName }, ['group', 'kind']), 16, {
      'x-kubernetes-list-type': 'atomic',
      minItems: 1,
    }),
  },
  ['from', 'to'],
)
