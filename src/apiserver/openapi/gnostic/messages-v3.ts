import type { Json } from '#api'
import type { Encoding, MessageTables } from './encode.ts'

function isReference(value: Json): boolean {
  return typeof value === 'object' && value !== null && '$ref' in value
}

/** Most places take a thing itself or a reference to one. */
function orReference(message: string): Encoding {
  return { oneOf: (value) => (isReference(value) ? [2, { message: 'Reference' }] : [1, { message }]) }
}

const texts: Encoding = { list: 'text' }
const schema = orReference('Schema')
const schemas: Encoding = { list: schema }
const parameters: Encoding = { list: orReference('Parameter') }
const content: Encoding = { named: { message: 'MediaType' } }
const operation: Encoding = { message: 'Operation' }
const additional: Encoding = { oneOf: (value) => (typeof value === 'boolean' ? [2, 'boolean'] : [1, schema]) }

/** Messages of gnostic's OpenAPI 3 that Kubernetes uses. */
export const messagesV3: MessageTables = {
  Document: {
    fields: {
      openapi: [1, 'text'],
      info: [2, { message: 'Info' }],
      paths: [4, { message: 'Paths' }],
      components: [5, { message: 'Components' }],
    },
  },
  Info: { fields: { title: [1, 'text'], description: [2, 'text'], version: [6, 'text'] } },
  Paths: { fields: {}, rest: [1, { message: 'PathItem' }] },
  PathItem: {
    fields: {
      get: [4, operation],
      put: [5, operation],
      post: [6, operation],
      delete: [7, operation],
      options: [8, operation],
      head: [9, operation],
      patch: [10, operation],
      parameters: [13, parameters],
    },
    extensions: 14,
  },
  Operation: {
    fields: {
      tags: [1, texts],
      summary: [2, 'text'],
      description: [3, 'text'],
      operationId: [5, 'text'],
      parameters: [6, parameters],
      requestBody: [7, orReference('RequestBody')],
      responses: [8, { message: 'Responses' }],
      deprecated: [10, 'boolean'],
    },
    extensions: 13,
  },
  RequestBody: { fields: { description: [1, 'text'], content: [2, content], required: [3, 'boolean'] } },
  Responses: { fields: {}, rest: [2, orReference('Response')] },
  Response: { fields: { description: [1, 'text'], content: [3, content] } },
  MediaType: { fields: { schema: [1, schema] } },
  Parameter: {
    fields: {
      name: [1, 'text'],
      in: [2, 'text'],
      description: [3, 'text'],
      required: [4, 'boolean'],
      schema: [10, schema],
    },
  },
  Reference: { fields: { $ref: [1, 'text'], description: [3, 'text'] } },
  Components: {
    fields: {
      schemas: [1, { named: schema }],
      securitySchemes: [7, { named: orReference('SecurityScheme') }],
    },
  },
  SecurityScheme: { fields: { type: [1, 'text'], description: [2, 'text'], name: [3, 'text'], in: [4, 'text'] } },
  Schema: {
    fields: {
      nullable: [1, 'boolean'],
      readOnly: [3, 'boolean'],
      externalDocs: [6, { message: 'ExternalDocs' }],
      example: [7, 'yaml'],
      title: [9, 'text'],
      multipleOf: [10, 'number'],
      maximum: [11, 'number'],
      exclusiveMaximum: [12, 'boolean'],
      minimum: [13, 'number'],
      exclusiveMinimum: [14, 'boolean'],
      maxLength: [15, 'integer'],
      minLength: [16, 'integer'],
      pattern: [17, 'text'],
      maxItems: [18, 'integer'],
      minItems: [19, 'integer'],
      uniqueItems: [20, 'boolean'],
      maxProperties: [21, 'integer'],
      minProperties: [22, 'integer'],
      required: [23, texts],
      enum: [24, { list: 'yaml' }],
      type: [25, 'text'],
      allOf: [26, schemas],
      oneOf: [27, schemas],
      anyOf: [28, schemas],
      not: [29, { message: 'Schema' }],
      items: [30, { wrapped: schema }],
      properties: [31, { named: schema }],
      additionalProperties: [32, additional],
      default: [33, 'defaultValue'],
      description: [34, 'text'],
      format: [35, 'text'],
    },
    extensions: 36,
  },
  ExternalDocs: { fields: { description: [1, 'text'], url: [2, 'text'] } },
}
