import type { Json } from '#api'
import type { Steps } from '#base'
import { actionExtensions, bearerToken, documentInfo } from './document-v3.ts'
import { reference } from './schemas.ts'
import { sortedObject } from './json.ts'
import { sharedName } from './parameter-names.ts'
import type { JsonObject } from './json.ts'
import { answerTexts } from './model.ts'
import type { Content, Operation, Parameter, PathItem } from './model.ts'

/**
 * An OpenAPI 2 document of paths and the definitions they use, made in steps. Parameters are declared once and referred
 * to.
 */
export function* documentV2(paths: readonly PathItem[], definitions: JsonObject): Steps<JsonObject> {
  const parameters = new Map<string, Json>()
  const items: [string, Json][] = []
  for (const item of paths) {
    items.push([item.path, pathV2(item, parameters)])
    yield
  }
  return {
    swagger: '2.0',
    info: documentInfo,
    paths: sortedObject(items),
    definitions,
    parameters: sortedObject(parameters),
    securityDefinitions: { BearerToken: bearerToken },
    security: [{ BearerToken: [] }],
  }
}

type Declared = Map<string, Json>

function pathV2({ path, operations, parameters }: PathItem, declared: Declared): JsonObject {
  const item: JsonObject = {}
  for (const operation of operations) item[operation.method] = operationV2(path, operation, declared)
  if (parameters.length > 0) item['parameters'] = parameters.map((one) => parameterV2(path, undefined, one, declared))
  return item
}

function parameterV2(
  path: string,
  method: string | undefined,
  { name, in: place, type }: Parameter,
  declared: Declared,
): JsonObject {
  const required = place === 'path' ? { required: true } : {}
  const parameter = { uniqueItems: true, type, name, in: place, ...required }
  return declare(
    sharedName(name, { path, in: place, ...(method === undefined ? {} : { method }) }),
    parameter,
    declared,
  )
}

function declare(key: string | undefined, parameter: JsonObject, declared: Declared): JsonObject {
  if (key === undefined) return parameter
  declared.set(key, parameter)
  return { $ref: `#/parameters/${key}` }
}

function operationV2(path: string, operation: Operation, declared: Declared): JsonObject {
  const { method, tag, id, parameters, body, consumes, produces, answers, action, kind } = operation
  const responses: JsonObject = {}
  for (const [code, content] of Object.entries(answers)) {
    responses[code] = { description: answerTexts[code] ?? '', schema: contentV2(content) }
  }
  responses['401'] = { description: answerTexts['401'] ?? '' }
  const all = parameters.map((one) => parameterV2(path, method, one, declared))
  if (body) {
    const required = body.required ? { required: true } : {}
    const parameter = { name: 'body', in: 'body', ...required, schema: contentV2(body) }
    all.unshift(declare(sharedName('body', { path, method, in: 'body' }), parameter, declared))
  }
  return {
    ...(consumes.length > 0 ? { consumes } : {}),
    produces,
    schemes: ['https'],
    tags: [tag],
    operationId: id,
    ...(all.length > 0 ? { parameters: all } : {}),
    responses,
    ...actionExtensions(action, kind),
  }
}

function contentV2(content: Content): JsonObject {
  return content === 'text' ? { type: 'string' } : reference(content.definition, 'v2')
}
