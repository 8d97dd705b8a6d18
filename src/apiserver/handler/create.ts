import type { Draft } from '#api'
import { allSteps, stepByStep } from '#base'
import type { ApiResponse } from '#client'
import { methodNotSupported } from '#machinery'
import type { KubeObject } from '#machinery'
import { answeredRestrictions, resourceRestrictions } from '../negotiation/accept.ts'
import { createObject } from '../registry/create.ts'
import { matchNamespace, wipeSystemFields } from '../registry/metadata.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import { checkWriteOptions } from '../request/write-options.ts'
import type { WriteOptions } from '../request/write-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import { fieldManagerOf } from '../resource/field-managers.ts'
import type { ObjectType } from '../resource/object-type.ts'
import type { CreateFunction, Endpoint } from '../resource/resource.ts'
import { decodeObject, readBody, requireReadable, tellBody } from './body.ts'
import type { FieldValidation, RawBody } from './body.ts'
import { respondWithObject } from './object-response.ts'
import { dedupeOwnerReferences } from './owner-references.ts'
import { convertedResponse } from '../table/convert.ts'
import { objectResponse, outputFormat } from './respond.ts'
import { admitDraft, attributesOf, createValidation, recordManager, writeContext } from './write.ts'
import type { WriteScope } from './write.ts'

/** POST to a collection. */
export async function create(endpoint: Endpoint, context: RequestContext): Promise<ApiResponse> {
  const { backing } = endpoint
  outputFormat(context, backing.kind === 'create' ? answeredRestrictions : resourceRestrictions)
  const sent = readBody(context)
  const body = sent instanceof Promise ? await sent : sent
  tellBody(context, body)
  const { scope, draft } = readCreate(endpoint, '', endpoint.type, context, body)
  if (backing.kind === 'create') return createThrough(backing.create, scope, draft, endpoint.type)
  if (backing.kind !== 'stored')
    throw methodNotSupported({ group: endpoint.group, resource: endpoint.plural }, 'create')

  const isNamespace = endpoint.group === '' && endpoint.plural === 'namespaces'
  wipeSystemFields(draft.metadata)
  matchNamespace(draft.metadata, isNamespace || !endpoint.namespaced ? '' : context.info.namespace)
  dedupeOwnerReferences(draft, context, false)
  const { pause, trace } = scope.context
  trace?.storing()
  if (pause) await pause()
  const manager = fieldManagerOf(endpoint, '', context.services.resources)
  const steps = stepByStep(recordManager(scope, manager, undefined, draft), pause)
  const managed = steps instanceof Promise ? await steps : steps
  if (backing.prepare) await backing.prepare([managed], 'storage')
  const stored = backing.toStorage(managed)
  if (pause) await pause()
  const admitted = admitDraft(scope, stored, undefined)
  if (admitted) await admitted
  const registry = context.services.registryOf(backing.resource)
  const created = await createObject(registry, stored, scope.context, createValidation(scope))
  trace?.stored()
  return respondWithObject(201, endpoint, created, context)
}

/** POST to a subresource that takes a kind of its own: binding, eviction, token. */
export async function createSubresource(
  endpoint: Endpoint,
  subresource: string,
  type: ObjectType,
  answer: CreateFunction,
  context: RequestContext,
): Promise<ApiResponse> {
  outputFormat(context, answeredRestrictions)
  const body = await readBody(context)
  tellBody(context, body)
  const { scope, draft } = readCreate(endpoint, subresource, type, context, body)
  return createThrough(answer, scope, draft, type)
}

function readCreate(
  endpoint: Endpoint,
  subresource: string,
  type: ObjectType,
  context: RequestContext,
  body: RawBody,
): { readonly scope: WriteScope; readonly draft: Draft<KubeObject> } {
  requireReadable(body, type)
  const options = decodeQuery<WriteOptions>(builtinStruct('meta/v1', 'CreateOptions'), context.query)
  checkWriteOptions('CreateOptions', options)
  const validation = (options.fieldValidation || 'Warn') as FieldValidation
  context.trace?.event('About to convert to expected version')
  const draft = decodeObject(body, type, validation, context)
  context.trace?.event('Conversion done')
  context.audit?.requestObject(type.shown(draft))
  // A namespace is created within itself: admission and validation see its own name.
  const created = endpoint.group === '' && endpoint.plural === 'namespaces' && subresource === ''
  const name = context.info.name || (draft.metadata?.name ?? '')
  const info = created ? { ...context.info, namespace: name, name } : { ...context.info, name }
  const written = writeContext({ ...context, info }, body, options)
  return { scope: { endpoint, subresource, context: written, options }, draft }
}

/** Answers with what `answer` makes of the object. */
async function createThrough(
  answer: CreateFunction,
  scope: WriteScope,
  draft: Draft<KubeObject>,
  type: ObjectType,
): Promise<ApiResponse> {
  const { context, endpoint, subresource } = scope
  context.trace?.storing()
  // Uid and version say which object a subresource is meant for.
  if (subresource === '') wipeSystemFields(draft.metadata)
  matchNamespace(draft.metadata, endpoint.namespaced ? context.info.namespace : '')
  dedupeOwnerReferences(draft, context, false)
  const manager = fieldManagerOf(endpoint, subresource, context.services.resources)
  const managed = allSteps(recordManager(scope, manager, undefined, draft))
  await admitDraft(scope, managed, undefined)
  await context.services.admission.validate(attributesOf(scope, 'CREATE', { object: managed }))
  const object = await answer(managed, context.info.name, context)
  context.trace?.stored()
  const isStatus = object.kind === 'Status'
  const struct = isStatus ? builtinStruct('meta/v1', 'Status') : type.struct
  const shown = isStatus ? object : type.shown(type.normalize(object).object)
  const format = outputFormat(context)
  if (format.convert && !isStatus) {
    const { group, version, kind } = type
    return convertedResponse(
      201,
      { ...endpoint, group, version, kind, type },
      shown,
      { ...format, convert: format.convert },
      context,
    )
  }
  return objectResponse(201, { object: shown, ...(struct ? { struct } : {}) }, format)
}
