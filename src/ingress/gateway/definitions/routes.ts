import {
  commonFilters,
  filterOf,
  headerNames,
  namedMatch,
  onlyOnce,
  port,
  preciseHostName,
  routeParents,
  routeRules,
  sectionName,
  weightedBackend,
} from './common.ts'
import { choice, list, listBy, record, text, whole, withDefault } from './schema.ts'
import type { Rule, Schema } from './schema.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']

const goesWith = (type: string, field: string): Rule[] => [
  [`${field} must be specified when type is set to '${type}'`, `self.type == '${type}' ? has(self.${field}) : true`],
  [`type must be '${type}' when ${field} is set`, `has(self.${field}) ? self.type == '${type}' : true`],
]

const pathModifier = record(
  {
    replaceFullPath: text({ maxLength: 1024 }),
    replacePrefixMatch: text({ maxLength: 1024 }),
    type: choice('ReplaceFullPath', 'ReplacePrefixMatch'),
  },
  ['type'],
  [...goesWith('ReplaceFullPath', 'replaceFullPath'), ...goesWith('ReplacePrefixMatch', 'replacePrefixMatch')],
)

const redirect = record({
  hostname: preciseHostName,
  path: pathModifier,
  port,
  scheme: choice('http', 'https'),
  statusCode: { type: 'integer', default: 302, enum: [301, 302, 303, 307, 308] },
})

const alone = (field: string, what: string): Rule => [
  `${field} cannot contain '*' alongside other ${what}`,
  "!('*' in self && self.size() > 1)",
]

const set = { 'x-kubernetes-list-type': 'set' } as const

const cors = record({
  allowCredentials: { type: 'boolean' },
  allowHeaders: headerNames(64, [alone('AllowHeaders', 'methods')]),
  allowMethods: list(choice(...methods, '*'), 9, set, [alone('AllowMethods', 'methods')]),
  allowOrigins: list(
    text({
      minLength: 1,
      maxLength: 253,
      pattern: String.raw`(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)`,
    }),
    64,
    set,
    [alone('AllowOrigins', 'origins')],
  ),
  exposeHeaders: headerNames(64),
  maxAge: withDefault(whole(1), 5),
})

const httpFilters = list(
  filterOf(
    [
      'RequestHeaderModifier',
      'ResponseHeaderModifier',
      'RequestMirror',
      'RequestRedirect',
      'URLRewrite',
      'ExtensionRef',
      'CORS',
    ],
    {
      cors,
      requestHeaderModifier: commonFilters['requestHeaderModifier'] ?? {},
      responseHeaderModifier: commonFilters['responseHeaderModifier'] ?? {},
      requestMirror: commonFilters['requestMirror'] ?? {},
      requestRedirect: redirect,
      urlRewrite: record({ hostname: preciseHostName, path: pathModifier }),
      extensionRef: commonFilters['extensionRef'] ?? {},
    },
  ),
  16,
  undefined,
  [
    [
      'May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both',
      "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
    ],
    ...['CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'].map(onlyOnce),
  ],
)

const plain = "(self.type in ['Exact','PathPrefix'])"
const forPlain = "when type one of ['Exact', 'PathPrefix']"
const pathCharacters = "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$"
const has = (part: string): Rule => [
  `must not contain '${part}' ${forPlain}`,
  `${plain} ? !self.value.contains('${part}') : true`,
]
const endsWith = (part: string): Rule => [
  `must not end with '${part}' ${forPlain}`,
  `${plain} ? !self.value.endsWith('${part}') : true`,
]

const everything = { type: 'PathPrefix', value: '/' }

const path = withDefault(
  record(
    {
      type: withDefault(choice('Exact', 'PathPrefix', 'RegularExpression'), 'PathPrefix'),
      value: withDefault(text({ maxLength: 1024 }), '/'),
    },
    [],
    [
      [`value must be an absolute path and start with '/' ${forPlain}`, `${plain} ? self.value.startsWith('/') : true`],
      ...['//', '/./', '/../', '%2f', '%2F', '#'].map(has),
      ...['/..', '/.'].map(endsWith),
      [
        "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
        "self.type in ['Exact','PathPrefix'] || self.type == 'RegularExpression'",
      ],
      [
        `must only contain valid characters (matching ${pathCharacters}) for types ['Exact', 'PathPrefix']`,
        `${plain} ? self.value.matches(r"""${pathCharacters}""") : true`,
      ],
    ],
  ),
  everything,
)

const prefixOnly =
  "((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true"
const replacesPrefix = (field: string): string =>
  `has(f.${field}) && has(f.${field}.path) && f.${field}.path.type == 'ReplacePrefixMatch' && has(f.${field}.path.replacePrefixMatch)`
const onePrefix = 'filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified'

const ruleRules: readonly Rule[] = [
  [
    'RequestRedirect filter must not be used together with backendRefs',
    '(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))): true',
  ],
  ...(['requestRedirect', 'urlRewrite'] as const).map((field): Rule => [
    `When using ${field === 'urlRewrite' ? 'URLRewrite' : 'RequestRedirect'} ${onePrefix}`,
    `(has(self.filters) && self.filters.exists_one(f, ${replacesPrefix(field)})) ? ${prefixOnly}`,
  ]),
  ...(['requestRedirect', 'urlRewrite'] as const).map((field): Rule => [
    `Within backendRefs, ${field === 'urlRewrite' ? 'When using URLRewrite' : 'when using RequestRedirect'} ${onePrefix}`,
    `(has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) && b.filters.exists_one(f, ${replacesPrefix(field)})) )) ? ${prefixOnly}`,
  ]),
]

const duration = text({ pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' })
const everyRequest = [{ path: everything }]

const httpMatch = record({
  headers: listBy('name', namedMatch(4096), 16),
  method: choice(...methods),
  path,
  queryParams: listBy('name', namedMatch(1024), 16),
})

const httpRule = record(
  {
    backendRefs: list(weightedBackend(httpFilters), 16),
    filters: httpFilters,
    matches: withDefault(list(httpMatch, 64), everyRequest),
    name: sectionName,
    timeouts: record(
      { backendRequest: duration, request: duration },
      [],
      [
        [
          'backendRequest timeout cannot be longer than request timeout',
          "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
        ],
      ],
    ),
  },
  [],
  ruleRules,
)

export const httpRouteSpec: Schema = record({
  ...routeParents,
  rules: routeRules(httpRule, (rule) => `${rule}.matches.size()`, {
    minItems: 1,
    default: [{ matches: everyRequest }],
  }),
})

const grpcFilters = list(
  filterOf(['ResponseHeaderModifier', 'RequestHeaderModifier', 'RequestMirror', 'ExtensionRef'], commonFilters),
  16,
  undefined,
  ['RequestHeaderModifier', 'ResponseHeaderModifier'].map(onlyOnce),
)

const serviceCharacters = String.raw`^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$`
const methodCharacters = '^[A-Za-z_][A-Za-z_0-9]*$'
const exactly = (field: string, characters: string): Rule => [
  `${field} must only contain valid characters (matching ${characters})`,
  `(!has(self.type) || self.type == 'Exact') && has(self.${field}) ? self.${field}.matches(r"""${characters}"""): true`,
]

const grpcMatch = record({
  headers: listBy('name', namedMatch(4096), 16),
  method: record(
    {
      method: text({ maxLength: 1024 }),
      service: text({ maxLength: 1024 }),
      type: withDefault(choice('Exact', 'RegularExpression'), 'Exact'),
    },
    [],
    [
      [
        "One or both of 'service' or 'method' must be specified",
        'has(self.type) ? has(self.service) || has(self.method) : true',
      ],
      exactly('service', serviceCharacters),
      exactly('method', methodCharacters),
    ],
  ),
})

export const grpcRouteSpec: Schema = record({
  ...routeParents,
  rules: routeRules(
    record({
      backendRefs: list(weightedBackend(grpcFilters), 16),
      filters: grpcFilters,
      matches: list(grpcMatch, 64),
      name: sectionName,
    }),
    (rule) => `(has(${rule}.matches) ? ${rule}.matches.size() : 0)`,
  ),
})
