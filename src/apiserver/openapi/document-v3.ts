import type { Json } from '#api'
import type { Steps } from '#base'
import { reference } from './schemas.ts'
import { sortedObject } from './json.ts'
import type { JsonObject } from './json.ts'
import { answerTexts } from './model.ts'
import type { Content, KindName, Operation, Parameter, PathItem } from './model.ts'

export const documentInfo = { title: 'Kubernetes', version: '1.36' }
/** Of documents about custom resources alone. */
export const customInfo = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }
export const bearerToken = { type: 'apiKey', name: 'authorization', in: 'header' }

/** An OpenAPI 3 document of paths and the schemas they use, made in steps. */
export function* documentV3(
  info: typeof documentInfo,
  paths: readonly PathItem[],
  schemas: JsonObject,
): Steps<JsonObject> {
  const items: [string, Json][] = []
  for (const item of paths) {
    items.push([item.path, pathV3(item)])
    yield
  }
  return {
    openapi: '3.0.0',
    info,
    paths: sortedObject(items),
    components: {
      ...(Object.keys(schemas).length > 0 ? { schemas } : {}),
      ...(info === customInfo ? {} : { securitySchemes: { BearerToken: bearerToken } }),
    },
  }
}

function pathV3({ operations, parameters }: PathItem): JsonObject {
  const item: JsonObject = {}
  for (const operation of operations) item[operation.method] = operationV3(operation)
  if (parameters.length > 0) item['parameters'] = parameters.map(parameterV3)
  return item
}

function parameterV3({ name, in: place, type }: Parameter): JsonObject {
  const required = place === 'path' ? { required: true } : {}
  return { name, in: place, ...required, schema: { type, uniqueItems: true } }
}

function operationV3(operation: Operation): JsonObject {
  const { tag, id, parameters, body, consumes, produces, answers, action, kind } = operation
  const responses: JsonObject = {}
  for (const [code, content] of Object.entries(answers)) {
    responses[code] = { description: answerTexts[code] ?? '', content: contentV3(produces, content) }
  }
  responses['401'] = { description: answerTexts['401'] ?? '' }
  return {
    tags: [tag],
    operationId: id,
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterV3) } : {}),
    ...(body
      ? { requestBody: { content: contentV3(consumes, body), ...(body.required ? { required: true } : {}) } }
      : {}),
    responses,
    ...actionExtensions(action, kind),
  }
}

/** What Kubernetes says of an operation besides. */
export function actionExtensions(action: string | undefined, kind: KindName | undefined): JsonObject {
  return {
    ...(action === undefined ? {} : { 'x-kubernetes-action': action }),
    ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': { ...kind } }),
  }
}

function contentV3(types: readonly string[], content: Content): JsonObject {
  const schema = content === 'text' ? { type: 'string' } : reference(content.definition, 'v3')
  return sortedObject(types.map((type) => [type, { schema }]))
}
