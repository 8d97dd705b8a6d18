import type { Json } from '#api'
import type { Encoding, MessageTables } from './encode.ts'

const schema: Encoding = { message: 'Schema' }
const texts: Encoding = { list: 'text' }
const schemas: Encoding = { named: schema }

function has(value: Json, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value
}

const additional: Encoding = { oneOf: (value) => (typeof value === 'boolean' ? [2, 'boolean'] : [1, schema]) }
const nonBody: Encoding = {
  oneOf: (value) =>
    (value as { readonly in?: string }).in === 'path'
      ? [4, { message: 'PathParameter' }]
      : [3, { message: 'QueryParameter' }],
}
const parameter: Encoding = {
  oneOf: (value) =>
    (value as { readonly in?: string }).in === 'body' ? [1, { message: 'BodyParameter' }] : [2, nonBody],
}
const parameterItem: Encoding = {
  oneOf: (value) => (has(value, '$ref') ? [2, { message: 'JsonReference' }] : [1, parameter]),
}
const response: Encoding = { oneOf: () => [1, { message: 'Response' }] }
const operation: Encoding = { message: 'Operation' }

/** Messages of gnostic's OpenAPI 2 that Kubernetes uses. */
export const messagesV2: MessageTables = {
  Document: {
    fields: {
      swagger: [1, 'text'],
      info: [2, { message: 'Info' }],
      paths: [8, { message: 'Paths' }],
      definitions: [9, schemas],
      parameters: [10, { named: parameter }],
      security: [12, { list: { named: { wrapped: texts } } }],
      securityDefinitions: [13, { named: { oneOf: () => [2, { message: 'ApiKey' }] } }],
    },
  },
  Info: { fields: { title: [1, 'text'], version: [2, 'text'], description: [3, 'text'] } },
  ApiKey: { fields: { type: [1, 'text'], name: [2, 'text'], in: [3, 'text'], description: [4, 'text'] } },
  Paths: { fields: {}, rest: [2, { message: 'PathItem' }] },
  PathItem: {
    fields: {
      get: [2, operation],
      put: [3, operation],
      post: [4, operation],
      delete: [5, operation],
      options: [6, operation],
      head: [7, operation],
      patch: [8, operation],
      parameters: [9, { list: parameterItem }],
    },
    extensions: 10,
  },
  Operation: {
    fields: {
      tags: [1, texts],
      summary: [2, 'text'],
      description: [3, 'text'],
      operationId: [5, 'text'],
      produces: [6, texts],
      consumes: [7, texts],
      parameters: [8, { list: parameterItem }],
      responses: [9, { message: 'Responses' }],
      schemes: [10, texts],
      deprecated: [11, 'boolean'],
    },
    extensions: 13,
  },
  Responses: { fields: {}, rest: [1, response] },
  Response: { fields: { description: [1, 'text'], schema: [2, { oneOf: () => [1, schema] }] }, extensions: 5 },
  JsonReference: { fields: { $ref: [1, 'text'], description: [2, 'text'] } },
  BodyParameter: {
    fields: {
      description: [1, 'text'],
      name: [2, 'text'],
      in: [3, 'text'],
      required: [4, 'boolean'],
      schema: [5, schema],
    },
  },
  PathParameter: {
    fields: {
      required: [1, 'boolean'],
      in: [2, 'text'],
      description: [3, 'text'],
      name: [4, 'text'],
      type: [5, 'text'],
      uniqueItems: [19, 'boolean'],
    },
  },
  QueryParameter: {
    fields: {
      required: [1, 'boolean'],
      in: [2, 'text'],
      description: [3, 'text'],
      name: [4, 'text'],
      type: [6, 'text'],
      uniqueItems: [20, 'boolean'],
    },
  },
  Schema: {
    fields: {
      $ref: [1, 'text'],
      format: [2, 'text'],
      title: [3, 'text'],
      description: [4, 'text'],
      default: [5, 'yaml'],
      multipleOf: [6, 'number'],
      maximum: [7, 'number'],
      exclusiveMaximum: [8, 'boolean'],
      minimum: [9, 'number'],
      exclusiveMinimum: [10, 'boolean'],
      maxLength: [11, 'integer'],
      minLength: [12, 'integer'],
      pattern: [13, 'text'],
      maxItems: [14, 'integer'],
      minItems: [15, 'integer'],
      uniqueItems: [16, 'boolean'],
      maxProperties: [17, 'integer'],
      minProperties: [18, 'integer'],
      required: [19, texts],
      enum: [20, { list: 'yaml' }],
      additionalProperties: [21, additional],
      type: [22, { wrapped: 'text' }],
      items: [23, { wrapped: schema }],
      allOf: [24, { list: schema }],
      properties: [25, schemas],
      readOnly: [27, 'boolean'],
      externalDocs: [29, { message: 'ExternalDocs' }],
      example: [30, 'yaml'],
    },
    extensions: 31,
  },
  ExternalDocs: { fields: { description: [1, 'text'], url: [2, 'text'] } },
}
