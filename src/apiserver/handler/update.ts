import type { Draft } from '#api'
import { stepByStep } from '#base'
import type { ApiResponse } from '#client'
import { badRequest, methodNotSupported } from '#machinery'
import type { KubeObject } from '#machinery'
import type { ValidateObject } from '../registry/create.ts'
import { matchNamespace } from '../registry/metadata.ts'
import { updateObject } from '../registry/update.ts'
import { refusal } from '../authz/refusal.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import { checkWriteOptions } from '../request/write-options.ts'
import type { WriteOptions } from '../request/write-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import { fieldManagerOf } from '../resource/field-managers.ts'
import type { Endpoint } from '../resource/resource.ts'
import type { UpdateRules } from '../resource/strategy.ts'
import { decodeObject, nameless, readBody, requireReadable, tellBody } from './body.ts'
import type { FieldValidation } from './body.ts'
import { respondWithObject } from './object-response.ts'
import { dedupeOwnerReferences } from './owner-references.ts'
import { outputFormat } from './respond.ts'
import { admitDraft, createValidation, recordManager, updateValidation, writeContext } from './write.ts'
import type { WriteScope } from './write.ts'

/** PUT of an object, or of a subresource that is the same object under other rules. */
export async function update(
  endpoint: Endpoint,
  subresource: string,
  rules: UpdateRules<KubeObject>,
  context: RequestContext,
): Promise<ApiResponse> {
  outputFormat(context)
  const { backing } = endpoint
  if (backing.kind !== 'stored')
    throw methodNotSupported({ group: endpoint.group, resource: endpoint.plural }, 'update')
  const { info, services } = context
  const sent = readBody(context)
  const body = sent instanceof Promise ? await sent : sent
  tellBody(context, body)
  requireReadable(body, endpoint.type)
  const options = decodeQuery<WriteOptions>(builtinStruct('meta/v1', 'UpdateOptions'), context.query)
  checkWriteOptions('UpdateOptions', options)
  const read = (seen?: (draft: Draft<KubeObject>) => void): Draft<KubeObject> => {
    const draft = decodeObject(body, endpoint.type, (options.fieldValidation || 'Warn') as FieldValidation, context)
    seen?.(draft)
    matchNamespace(draft.metadata, endpoint.namespaced ? info.namespace : '')
    checkName(draft, info.name)
    dedupeOwnerReferences(draft, context, false)
    return draft
  }
  context.trace?.event('About to convert to expected version')
  // A draft is used up by an attempt to write it; one that meets a newer object reads the body again.
  let draft: Draft<KubeObject> | undefined = read((first) => context.audit?.requestObject(endpoint.type.shown(first)))

  context.trace?.event('Conversion done')
  const scope: WriteScope = {
    endpoint,
    subresource,
    context: writeContext(context, body, options),
    options,
  }
  if (scope.context.pause) await scope.context.pause()
  const manager = fieldManagerOf(endpoint, subresource, context.services.resources)
  context.trace?.storing()
  const { uid } = draft.metadata
  const { object, created } = await updateObject(
    services.registryOf(backing.resource),
    {
      namespace: info.namespace,
      name: info.name,
      rules,
      ...(uid ? { uid } : {}),
      async transform(live, pause) {
        if (live && backing.prepare) await backing.prepare([live], 'request')
        const before = live && backing.fromStorage(live)
        const steps = stepByStep(recordManager(scope, manager, before, draft ?? read()), pause)
        draft = undefined
        const managed = steps instanceof Promise ? await steps : steps
        if (pause) await pause()
        if (backing.prepare) await backing.prepare([managed], 'storage')
        const stored = backing.toStorage(managed)
        const admitted = admitDraft(scope, stored, live)
        if (admitted) await admitted
        return stored
      },
      validateCreate: withCreateAuthorization(scope, createValidation(scope)),
      validateUpdate: updateValidation(scope),
    },
    scope.context,
  )
  context.trace?.stored()
  return respondWithObject(created ? 201 : 200, endpoint, object, context)
}

/** @throws StatusError BadRequest when the object's name is not that of the path. */
export function checkName(draft: Draft<KubeObject>, name: string): void {
  const own = draft.metadata.name ?? ''
  if (own === '') throw nameless(name)
  if (own !== name) throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`)
}

/** A PUT or PATCH that creates needs the right to create as well. */
export function withCreateAuthorization(scope: WriteScope, validate: ValidateObject): ValidateObject {
  return async (object) => {
    const { context, endpoint, subresource } = scope
    const { info, services, user } = context
    const attributes = {
      user,
      verb: 'create',
      isResource: true,
      path: info.path,
      group: endpoint.group,
      version: endpoint.version,
      resource: endpoint.plural,
      subresource,
      namespace: info.namespace,
      name: info.name,
    }
    const decision = await services.authorizer.authorize(attributes)
    if (decision.verdict !== 'allow') throw refusal(attributes, decision.reason)
    await validate(object)
  }
}
