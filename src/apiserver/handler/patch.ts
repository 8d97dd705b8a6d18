import type { Draft } from '#api'
import { copyJson, deepEqual, stepByStep } from '#base'
import type { ApiResponse } from '#client'
import { conflict, failure, methodNotSupported, unsupportedMediaType } from '#machinery'
import type { KubeObject } from '#machinery'
import { matchNamespace } from '../registry/metadata.ts'
import { updateObject } from '../registry/update.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import { checkWriteOptions } from '../request/write-options.ts'
import type { WriteOptions } from '../request/write-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import { fieldManagerOf } from '../resource/field-managers.ts'
import type { Endpoint } from '../resource/resource.ts'
import type { UpdateRules } from '../resource/strategy.ts'
import { readBody, tellBody } from './body.ts'
import type { RawBody } from './body.ts'
import { respondWithObject } from './object-response.ts'
import { patchMechanism } from './patch-mechanisms.ts'
import { outputFormat } from './respond.ts'
import { checkName, withCreateAuthorization } from './update.ts'
import { admitDraft, createValidation, updateValidation, writeContext } from './write.ts'
import type { WriteScope } from './write.ts'

const applyType = 'application/apply-patch+yaml'

/** Patch types an endpoint takes: strategic merge needs a built-in type. */
function patchTypes(endpoint: Endpoint): string[] {
  const strategic = endpoint.type.struct ? ['application/strategic-merge-patch+json'] : []
  return ['application/json-patch+json', 'application/merge-patch+json', ...strategic, applyType]
}

/** PATCH of an object, or of a subresource that is the same object under other rules. */
export async function patch(
  endpoint: Endpoint,
  subresource: string,
  rules: UpdateRules<KubeObject>,
  context: RequestContext,
): Promise<ApiResponse> {
  const { backing } = endpoint
  if (backing.kind !== 'stored') throw methodNotSupported({ group: endpoint.group, resource: endpoint.plural }, 'patch')
  const { patchType, body, options } = await readPatch(endpoint, context)
  const { info, services } = context
  const scope: WriteScope = {
    endpoint,
    subresource,
    context: writeContext(context, body, options),
    options,
  }
  const mechanism = patchMechanism(
    patchType,
    body,
    scope,
    endpoint.type,
    fieldManagerOf(endpoint, subresource, services.resources),
  )
  const { object, created } = await updateObject(
    services.registryOf(backing.resource),
    {
      namespace: info.namespace,
      name: info.name,
      rules,
      // A part of an object makes no object, but for one.
      allowCreate: patchType === applyType && (subresource === '' || rules.createsWhenApplied === true),
      async transform(live, pause) {
        if (live && backing.prepare) await backing.prepare([live], 'request')
        const before = live ? backing.fromStorage(live) : undefined
        context.trace?.event('About to apply patch')
        const steps = stepByStep(before ? mechanism.patch(before) : mechanism.create(), pause)
        const patched = steps instanceof Promise ? await steps : steps
        checkIdentity(patched, before, endpoint, context)
        if (backing.prepare) await backing.prepare([patched], 'storage')
        const stored = backing.toStorage(patched)
        // Nothing but who owns what: the rest need not survive conversion there and back, where there is any.
        const converts = !backing.sameVersion && (endpoint.type.struct !== undefined || backing.prepare !== undefined)
        const keeps = patchType === applyType && converts && before && sameBut(before, patched)
        const draft = keeps ? { ...(copyJson(live) as Draft<KubeObject>), metadata: stored.metadata } : stored
        if (pause) await pause()
        context.trace?.event('About to check admission control')
        const admitted = admitDraft(scope, draft, live)
        if (admitted) await admitted
        return draft
      },
      validateCreate: withCreateAuthorization(scope, createValidation(scope)),
      validateUpdate: updateValidation(scope),
    },
    scope.context,
  )
  context.trace?.event('Object stored in database')
  return respondWithObject(created ? 201 : 200, endpoint, object, context)
}

/** What a PATCH asks for. */
interface PatchRequest {
  readonly patchType: string
  readonly body: RawBody
  readonly options: WriteOptions
}

/** Reads a PATCH of an endpoint's objects or of one of their subresources. */
export async function readPatch(endpoint: Endpoint, context: RequestContext): Promise<PatchRequest> {
  const patchType = patchTypeOf(endpoint, context)
  outputFormat(context)
  const sent = readBody(context)
  const body = sent instanceof Promise ? await sent : sent
  tellBody(context, body)
  context.audit?.requestPatch(() => patchValue(body))
  context.trace?.event('Recorded the audit event')
  const options = decodeQuery<WriteOptions>(builtinStruct('meta/v1', 'PatchOptions'), context.query)
  checkWriteOptions('PatchOptions', options, patchType === applyType)
  return { patchType, body, options }
}

/**
 * The media type of a patch.
 * @throws StatusError UnsupportedMediaType when the endpoint takes none of that kind.
 */
export function patchTypeOf(endpoint: Endpoint, { request }: RequestContext): string {
  // Patches are known by what they are called to the letter.
  const [patchType = ''] = (request.headers['content-type'] ?? '').split(';', 1)
  const supported = patchTypes(endpoint)
  if (supported.includes(patchType)) return patchType
  if (endpoint.type.struct && !supported.includes(patchType.trim()))
    throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`,
  )
}

/** Whether two objects differ at most in who manages them. */
function sameBut(before: KubeObject, patched: KubeObject): boolean {
  const { managedFields: _, ...metadata } = before.metadata
  const { managedFields: __, ...patchedMetadata } = patched.metadata
  return deepEqual({ ...before, metadata }, { ...patched, metadata: patchedMetadata })
}

function checkIdentity(
  patched: Draft<KubeObject>,
  live: KubeObject | undefined,
  endpoint: Endpoint,
  context: RequestContext,
): void {
  const { info } = context
  if (patched.metadata.uid && !live) {
    const why = `uid mismatch: the provided object specified uid ${patched.metadata.uid}, and no existing object was found`
    throw conflict({ group: endpoint.group, resource: endpoint.plural }, info.name, why)
  }
  matchNamespace(patched.metadata, endpoint.namespaced ? info.namespace : '')
  checkName(patched, info.name)
}

/** The patch as audit shows it: as a value, or as text when it is no JSON. */
function patchValue(body: RawBody): unknown {
  if (body.kind === 'object') return body.object
  const text = new TextDecoder().decode(body.bytes)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
