import type { Draft } from '#api'
import type { Scale } from '#api/autoscaling/v1'
import { allSteps, copyJson } from '#base'
import type { ApiResponse } from '#client'
import {
  badRequest,
  conflict,
  internalError,
  invalid,
  nameIsDNSSubdomain,
  notFound,
  Path,
  quote,
  StatusError,
} from '#machinery'
import type { KubeObject } from '#machinery'
import { updateObject } from '../registry/update.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import { checkWriteOptions } from '../request/write-options.ts'
import type { WriteOptions } from '../request/write-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import { scaleManagerOf } from '../resource/field-managers.ts'
import { scaleType } from '../resource/scale-type.ts'
import { customScheme } from '../resource/scheme.ts'
import type { Endpoint, ScaleRules, StoredResource } from '../resource/resource.ts'
import { nonnegative } from '../resources/common/values.ts'
import { validateObjectMeta } from '../resources/metadata.ts'
import { matchNamespace } from '../registry/metadata.ts'
import { ageOf } from '../table/age.ts'
import { tableColumns } from '../table/columns.ts'
import { convertedResponse } from '../table/convert.ts'
import type { Displayed } from '../table/convert.ts'
import { decodeObject, readBody, requireReadable } from './body.ts'
import type { FieldValidation, RawBody } from './body.ts'
import { untilReadable } from './get.ts'
import { readPatch } from './patch.ts'
import { patchMechanism } from './patch-mechanisms.ts'
import { objectResponse, outputFormat } from './respond.ts'
import { checkName } from './update.ts'
import { admitDraft, createValidation, recordManager, updateValidation } from './write.ts'
import type { WriteScope } from './write.ts'

/** The Scale of an object of any kind; `unsaid` replicas where the object does not say. */
function toScale(object: KubeObject, rules: ScaleRules, unsaid = 0): Scale {
  const { specReplicas = unsaid, statusReplicas, selector } = rules.read(object)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: specReplicas === 0 ? {} : { replicas: specReplicas },
    status: { replicas: statusReplicas, ...(selector === '' ? {} : { selector }) },
  }
}

export async function getScale(endpoint: Endpoint, rules: ScaleRules, context: RequestContext): Promise<ApiResponse> {
  outputFormat(context)
  const { info, services } = context
  const registry = services.registryOf(storedOf(endpoint))
  await untilReadable(registry, context)
  const object = registry.objects.peek(info.namespace, info.name)
  if (!object) throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)
  if (rules.read(object).specReplicas === undefined)
    throw internalError(`the spec replicas field ${quote(rules.replicasName)} does not exist`)
  return respond(200, toScale(object, rules), endpoint, context)
}

export async function updateScale(
  endpoint: Endpoint,
  rules: ScaleRules,
  context: RequestContext,
): Promise<ApiResponse> {
  outputFormat(context)
  const body = await readBody(context)
  requireReadable(body, scaleType())
  const options = decodeQuery<WriteOptions>(builtinStruct('meta/v1', 'UpdateOptions'), context.query)
  checkWriteOptions('UpdateOptions', options)
  const validation = (options.fieldValidation || 'Warn') as FieldValidation
  const read = (): Draft<KubeObject> => decodeScale(endpoint, body, validation, context)
  // A draft is used up by an attempt to write it; one that meets a newer object reads the body again.
  let draft: Draft<KubeObject> | undefined = read()
  context.audit?.requestObject(draft)
  matchNamespace(draft.metadata, context.info.namespace)
  checkName(draft, context.info.name)
  const scope = scopeOf(endpoint, options, context)
  const { manager } = scaleManagerOf(endpoint, context.services.resources)
  const { uid } = draft.metadata
  const wanted = (live: KubeObject): Draft<KubeObject> => {
    const managed = allSteps(recordManager(scope, manager, live, draft ?? read()))
    draft = undefined
    return managed
  }
  return writeScale(scope, rules, wanted, uid)
}

/** Custom resources know of no kind but theirs: whatever can't be read as a Scale is told of in the same words. */
function decodeScale(
  { type }: Endpoint,
  body: RawBody,
  validation: FieldValidation,
  context: RequestContext,
): Draft<KubeObject> {
  try {
    return decodeObject(body, scaleType(), validation, context)
  } catch (error) {
    const isStrict =
      error instanceof StatusError && error.status.message?.includes(': strict decoding error: ') === true
    if (type.struct || isStrict) throw error
    throw badRequest(`no kind is registered for the type v1.Scale in scheme ${quote(customScheme)}`)
  }
}

export async function patchScale(endpoint: Endpoint, rules: ScaleRules, context: RequestContext): Promise<ApiResponse> {
  const { patchType, body, options } = await readPatch(endpoint, context)
  const scope = scopeOf(endpoint, options, context)
  const mechanism = patchMechanism(
    patchType,
    body,
    scope,
    scaleType(),
    scaleManagerOf(endpoint, context.services.resources).manager,
  )
  return writeScale(scope, rules, (live) => allSteps(mechanism.patch(live)))
}

function scopeOf(endpoint: Endpoint, options: WriteOptions, context: RequestContext): WriteScope {
  const dryRun = (options.dryRun ?? []).length > 0
  return { endpoint, subresource: 'scale', context: { ...context, dryRun }, options }
}

/** Stands for replicas that nobody set: what comes back with it did not set them either. */
const neverSaid = -(2 ** 31)

/** Writes the scale that `wanted` makes of the live one into the object it belongs to, which has the uid, if one is given. */
async function writeScale(
  scope: WriteScope,
  rules: ScaleRules,
  wanted: (live: KubeObject) => Draft<KubeObject>,
  uid = '',
): Promise<ApiResponse> {
  const { endpoint, context } = scope
  const { info, services } = context
  const resource = storedOf(endpoint)
  const managers = scaleManagerOf(endpoint, services.resources)
  const { object } = await updateObject(
    services.registryOf(resource),
    {
      namespace: info.namespace,
      name: info.name,
      rules: resource.strategy,
      ...(uid === '' ? {} : { uid }),
      async transform(live) {
        if (!live) throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)
        const current = toScale(live, rules, neverSaid) as KubeObject
        const scale = wanted(withManagedFields(current, managers.ofScale(live)))
        if (!endpoint.type.struct && (scale as Draft<Scale>).spec.replicas === neverSaid)
          throw badRequest(`the spec replicas field ${quote(rules.replicasName)} cannot be empty`)
        checkScale(scale, live, endpoint, info.name)
        if (endpoint.type.struct) checkUid(scale, live, endpoint)
        await admitDraft(scope, scale, live)
        // What is read of a custom object has its defaults, which what is written then has.
        const draft = endpoint.type.struct
          ? ({ ...live, metadata: { ...live.metadata } } as Draft<KubeObject>)
          : (copyJson(live) as Draft<KubeObject>)
        const { resourceVersion } = scale.metadata
        if (resourceVersion) draft.metadata.resourceVersion = resourceVersion
        // Custom objects are never overwritten unseen: they keep the version that was read.
        else if (endpoint.type.struct) delete draft.metadata.resourceVersion
        rules.write(draft, (scale as Draft<Scale>).spec.replicas ?? 0)
        if (!endpoint.type.struct) resource.type.applyDefaults(draft)
        const written = managers.afterScale(live, scale)
        return withManagedFields(draft, written) as Draft<KubeObject>
      },
      validateCreate: createValidation(scope),
      validateUpdate: updateValidation(scope),
    },
    context,
  )
  return respond(200, toScale(object, rules), endpoint, context)
}

function withManagedFields(object: KubeObject, managedFields: KubeObject['metadata']['managedFields']): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata: managedFields === undefined ? metadata : { ...metadata, managedFields } }
}

function checkScale(scale: Draft<KubeObject>, live: KubeObject, { type }: Endpoint, name: string): void {
  matchNamespace(scale.metadata, live.metadata.namespace ?? '')
  checkName(scale, name)
  // Custom objects are checked by their schema, as a whole.
  if (!type.struct) return
  const errors = [
    ...validateObjectMeta(scale.metadata, { namespaced: true, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...nonnegative(Path.of('spec', 'replicas'), (scale as Draft<Scale>).spec.replicas),
  ]
  if (errors.length > 0) throw invalid({ group: 'autoscaling', kind: 'Scale' }, live.metadata.name ?? '', errors)
}

/** What a patch makes of a scale does not name another object. */
function checkUid({ metadata: { uid } }: KubeObject, { metadata }: KubeObject, { group, plural }: Endpoint): void {
  if (!uid || uid === metadata.uid) return
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`
  throw conflict({ group, resource: `${plural}/scale` }, metadata.name ?? '', why)
}

function storedOf(endpoint: Endpoint): StoredResource {
  if (endpoint.backing.kind !== 'stored') throw notFound({ group: endpoint.group, resource: endpoint.plural }, '')
  return endpoint.backing.resource
}

function respond(code: number, scale: Scale, { type }: Endpoint, context: RequestContext): ApiResponse {
  const format = outputFormat(context)
  const { convert } = format
  const custom = !type.struct
  if (convert) return convertedResponse(code, displayed(custom), scale, { ...format, convert }, context)
  return objectResponse(code, { object: scale, struct: builtinStruct('autoscaling/v1', 'Scale') }, format)
}

/** Of custom resources, columns are those of definitions: their names are names, their ages dates. */
const displayed = (custom: boolean): Displayed => ({
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  type: scaleType(),
  columns: custom ? customColumns : columns,
})

const counts = [
  { name: 'Desired', type: 'integer' },
  { name: 'Available', type: 'integer' },
] as const

const columns = tableColumns<Scale>(
  [{ name: 'Name', type: 'string' }, ...counts, { name: 'Age', type: 'string' }],
  ({ metadata, spec, status }, now) => ({
    cells: [metadata.name ?? '', spec.replicas ?? 0, status?.replicas ?? 0, ageOf({ metadata }, now)],
  }),
)

const customColumns = tableColumns<Scale>(
  [{ name: 'Name', type: 'string', format: 'name' }, ...counts, { name: 'Age', type: 'date' }],
  ({ metadata, spec, status }, now) => ({
    cells: [metadata.name ?? '', spec.replicas ?? null, status?.replicas ?? 0, ageOf({ metadata }, now)],
  }),
)
