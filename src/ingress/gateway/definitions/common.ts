import type { Json } from '#api'
import { choice, list, listBy, record, text, whole, withDefault } from './schema.ts'
import type { Rule, Schema } from './schema.ts'

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = String.raw`${label}(\.${label})*`

const dnsName: string = `^${subdomain}$`
export const hostNamePattern: string = String.raw`^(\*\.)?${subdomain}$`
const domainPath = String.raw`${subdomain}\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$`

export const objectName: Schema = text({ minLength: 1, maxLength: 253 })
export const sectionName: Schema = text({ minLength: 1, maxLength: 253, pattern: dnsName })
export const namespace: Schema = text({ minLength: 1, maxLength: 63, pattern: `^${label}$` })
export const group: Schema = text({ maxLength: 253, pattern: `^$|${dnsName}` })
export const kind: Schema = text({
  minLength: 1,
  maxLength: 63,
  pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
})
export const hostName: Schema = text({ minLength: 1, maxLength: 253, pattern: hostNamePattern })
export const preciseHostName: Schema = text({ minLength: 1, maxLength: 253, pattern: dnsName })
export const port: Schema = whole(1, 65535)
export const controllerName: Schema = text({ minLength: 1, maxLength: 253, pattern: `^${domainPath}` })
export const annotationValue: Schema = text({ minLength: 0, maxLength: 4096 })
export const addressType: Schema = withDefault(
  text({ minLength: 1, maxLength: 253, pattern: `^Hostname|IPAddress|NamedAddress|${domainPath}` }),
  'IPAddress',
)

const gatewayGroup = withDefault(group, 'gateway.networking.k8s.io')
const ofService = { group: withDefault(group, ''), kind: withDefault(kind, 'Service') }

export const secretRef: Schema = record(
  { group: withDefault(group, ''), kind: withDefault(kind, 'Secret'), name: objectName, namespace },
  ['name'],
)
export const localRef: Schema = record({ group, kind, name: objectName }, ['group', 'kind', 'name'])
export const routeKind: Schema = record({ group: gatewayGroup, kind }, ['kind'])

const portOfService: Rule = [
  'Must have port for Service reference',
  "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
]

const backend = { ...ofService, name: objectName, namespace, port }

const backendRef: Schema = record(backend, ['name'], [portOfService])

export const weightedBackend = (filters: Schema): Schema =>
  record({ ...backend, filters, weight: withDefault(whole(0, 1_000_000), 1) }, ['name'], [portOfService])

export const parentRef: Schema = record(
  { group: gatewayGroup, kind: withDefault(kind, 'Gateway'), name: objectName, namespace, port, sectionName },
  ['name'],
)

const sameParent =
  'p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && ' +
  "(((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || " +
  '(has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__ ))'
const noSection = (ref: string): string => `(!has(${ref}.sectionName) || ${ref}.sectionName == '')`

export const routeParents: { readonly [name: string]: Schema } = {
  hostnames: list(hostName, 16),
  parentRefs: list(parentRef, 32, undefined, [
    [
      'sectionName must be specified when parentRefs includes 2 or more references to the same parent',
      `self.all(p1, self.all(p2, ${sameParent} ? (${noSection('p1')} == ${noSection('p2')}) : true))`,
    ],
    [
      'sectionName must be unique when parentRefs includes 2 or more references to the same parent',
      `self.all(p1, self.exists_one(p2, ${sameParent} && ((${noSection('p1')} && ${noSection('p2')}) || ` +
        '(has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))',
    ],
  ]),
}

const condition = record(
  {
    lastTransitionTime: text({ format: 'date-time' }),
    message: text({ maxLength: 32768 }),
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    reason: text({ minLength: 1, maxLength: 1024, pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$' }),
    status: choice('True', 'False', 'Unknown'),
    type: text({
      maxLength: 316,
      pattern: String.raw`^(${subdomain}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`,
    }),
  },
  ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
)

export const conditions = (more: Schema = {}): Schema => listBy('type', condition, 8, more)

/** Conditions, and the status around them, of what no controller has looked at yet. */
export const pending = (...types: readonly string[]): Json[] =>
  types.map((type) => ({
    lastTransitionTime: '1970-01-01T00:00:00Z',
    message: 'Waiting for controller',
    reason: 'Pending',
    status: 'Unknown',
    type,
  }))

export const routeStatus: Schema = record(
  {
    parents: list(
      record({ conditions: conditions({ minItems: 1 }), controllerName, parentRef }, [
        'conditions',
        'controllerName',
        'parentRef',
      ]),
      32,
    ),
  },
  ['parents'],
)

const requirement = record(
  {
    key: text(),
    operator: text(),
    values: { type: 'array', items: text(), 'x-kubernetes-list-type': 'atomic' },
  },
  ['key', 'operator'],
)

export const labelSelector: Schema = {
  ...record({
    matchExpressions: { type: 'array', items: requirement, 'x-kubernetes-list-type': 'atomic' },
    matchLabels: { type: 'object', additionalProperties: text() },
  }),
  'x-kubernetes-map-type': 'atomic',
}

const headerName = text({ minLength: 1, maxLength: 256, pattern: String.raw`^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$` })

/** A header, or a query parameter, and what it has to be. */
export const namedMatch = (maxLength: number): Schema =>
  record(
    {
      name: headerName,
      type: withDefault(choice('Exact', 'RegularExpression'), 'Exact'),
      value: text({ minLength: 1, maxLength }),
    },
    ['name', 'value'],
  )

const headerValue = record({ name: headerName, value: text({ minLength: 1, maxLength: 4096 }) }, ['name', 'value'])

export const headerNames = (maxItems: number, rules: readonly Rule[] = []): Schema =>
  list(headerName, maxItems, { 'x-kubernetes-list-type': 'set' }, rules)

const headers = record({
  add: listBy('name', headerValue, 16),
  remove: list(text(), 16, { 'x-kubernetes-list-type': 'set' }),
  set: listBy('name', headerValue, 16),
})

const mirror = record(
  {
    backendRef,
    fraction: record(
      {
        denominator: withDefault(whole(1), 100),
        numerator: whole(0),
      },
      ['numerator'],
      [['numerator must be less than or equal to denominator', 'self.numerator <= self.denominator']],
    ),
    percent: whole(0, 100),
  },
  ['backendRef'],
  [
    [
      'Only one of percent or fraction may be specified in HTTPRequestMirrorFilter',
      '!(has(self.percent) && has(self.fraction))',
    ],
  ],
)

/** Filters that routes of both kinds have, by the field that holds them. */
export const commonFilters: { readonly [field: string]: Schema } = {
  requestHeaderModifier: headers,
  responseHeaderModifier: headers,
  requestMirror: mirror,
  extensionRef: localRef,
}

const typeOf = (field: string): string =>
  field === 'urlRewrite'
    ? 'URLRewrite'
    : field === 'cors'
      ? 'CORS'
      : `${field.charAt(0).toUpperCase()}${field.slice(1)}`

/** A filter holds the field of its type and no other. */
export function filterOf(types: readonly string[], fields: { readonly [field: string]: Schema }): Schema {
  const rules = Object.keys(fields).flatMap((field): Rule[] => [
    [
      `filter.${field} must be nil if the filter.type is not ${typeOf(field)}`,
      `!(has(self.${field}) && self.type != '${typeOf(field)}')`,
    ],
    [
      `filter.${field} must be specified for ${typeOf(field)} filter.type`,
      `!(!has(self.${field}) && self.type == '${typeOf(field)}')`,
    ],
  ])
  return record({ ...fields, type: choice(...types) }, ['type'], rules)
}

export const onlyOnce = (type: string): Rule => [
  `${type} filter cannot be repeated`,
  `self.filter(f, f.type == '${type}').size() <= 1`,
]

/** Rules of a route, of which there are at most 16 with 128 matches. @param matches of one rule, by its place. */
export function routeRules(rule: Schema, matches: (rule: string) => string, more: Schema = {}): Schema {
  const sizes = Array.from({ length: 16 }, (_, index) => `(self.size() > ${index} ? ${matches(`self[${index}]`)} : 0)`)
  return list(rule, 16, { 'x-kubernetes-list-type': 'atomic', ...more }, [
    [
      'While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a route must be less than 128',
      `${sizes.join(' + ')} <= 128`,
    ],
  ])
}
