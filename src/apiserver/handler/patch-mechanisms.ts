import type { Draft, Json, StructType } from '#api'
import { copyJson, copyJsonAsShared, messageOf } from '#base'
import type { Steps } from '#base'
import {
  badRequest,
  decodePatched,
  decodeUntyped,
  encodeJson,
  encodeText,
  failure,
  internalError,
  invalid,
  invalidValue,
  jsonKindOf,
  JsonError,
  notFound,
  parseGroupVersion,
  parseJson,
  patchJson,
  patchMerge,
  patchStrategic,
  quote,
  readPatched,
  sortKeys,
  typeMetaOf,
} from '#machinery'
import type { Decoded, KubeObject, PatchedValue, YamlBody } from '#machinery'
import { timestamp } from '../registry/metadata.ts'
import { managerName } from '../request/write-options.ts'
import type { FieldManager } from '../resource/field-managers.ts'
import { findBuiltinKind } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { ObjectType } from '../resource/object-type.ts'
import { isKnownElsewhere, schemeOf } from '../resource/scheme.ts'
import { forgetsManagers, handleStrictErrors, nameless, yamlOf } from './body.ts'
import type { FieldValidation, RawBody } from './body.ts'
import { recordManager } from './write.ts'
import type { WriteScope } from './write.ts'

/** How one kind of patch makes a new object; all objects are in the version of the request. */
export interface PatchMechanism {
  patch(live: KubeObject): Steps<Draft<KubeObject>>
  /** There is no object yet: only server-side apply goes on. */
  create(): Steps<Draft<KubeObject>>
}

/** What is patched, and who records it. */
interface Target {
  readonly scope: WriteScope
  readonly type: ObjectType
  readonly manager: FieldManager
}

/** @param type of the objects that are patched, with the manager that records it: those of the endpoint, or the scale's. */
export function patchMechanism(
  patchType: string,
  body: RawBody,
  scope: WriteScope,
  type: ObjectType,
  manager: FieldManager,
): PatchMechanism {
  const target = { scope, type, manager }
  switch (patchType) {
    case 'application/json-patch+json':
      return untypedPatch(target, (live, validation) => patchJson(live, bytesOf(body), validation))
    case 'application/merge-patch+json':
      return untypedPatch(target, (live, validation) => patchMerge(live, bytesOf(body), validation))
    case 'application/strategic-merge-patch+json':
      return strategicPatch(target, body)
    default:
      return applyPatch(target, body)
  }
}

/** In-process callers send their patch as a value. */
function bytesOf(body: RawBody): Uint8Array {
  return body.kind === 'bytes' ? body.bytes : encodeText(encodeJson(body.object))
}

const validationOf = ({ options }: WriteScope): FieldValidation =>
  (options.fieldValidation || 'Warn') as FieldValidation

function missing({ endpoint, context }: WriteScope): Error {
  return notFound({ group: endpoint.group, resource: endpoint.plural }, context.info.name)
}

/** JSON patch and merge patch know nothing of types: their result is decoded like a body. */
function untypedPatch(
  target: Target,
  apply: (live: KubeObject, validation: FieldValidation) => PatchedValue,
): PatchMechanism {
  const { scope, type } = target
  return {
    create() {
      throw missing(scope)
    },
    *patch(live) {
      const validation = validationOf(scope)
      const patched = apply(live, validation)
      yield
      const decoded = type.struct
        ? decodeBuiltin(type, type.struct, patched, validation, scope)
        : decodeCustom(type, { ...patched, value: sortKeys(patched.value) }, validation, scope)
      const problem = type.conversionProblem?.(decoded.value as KubeObject)
      if (problem !== undefined) throw unfit(patched.value, problem)
      yield
      return yield* finish(target, live, decoded, type.struct !== undefined && forgetsManagers(patched.value))
    },
  }
}

const unfit = (value: unknown, why: string): Error =>
  invalid({ group: '', kind: '' }, '', [invalidValue('patch', encodeJson(value), why)])

/**
 * The result is read as the kind and version that it says it is; what it does not say is that of the endpoint, but for the
 * version, without which it is read in a form that has no field of the API's.
 */
function decodeBuiltin(
  type: ObjectType,
  struct: StructType,
  patched: PatchedValue,
  validation: FieldValidation,
  { context }: WriteScope,
): Decoded {
  const own = groupVersionOf(type)
  const said = kindOfPatched(patched.value)
  const { kind, apiVersion } = { ...said, kind: said.kind || type.kind }
  if (apiVersion === own && kind === type.kind) {
    const { value, strictErrors } = decodePatched(struct, patched, validation)
    return { value: named(type, value), strictErrors }
  }
  const scheme = `in scheme ${quote(schemeOf(type.group))}`
  if (apiVersion === '') {
    if (kind !== type.kind)
      throw unfit(
        patched.value,
        `no kind ${quote(kind)} is registered for the internal version of group ${quote(type.group)} ${scheme}`,
      )
    const unknown = Object.keys(patched.value as object).filter((field) => field !== 'kind' && field !== 'apiVersion')
    const problems = [...patched.strictErrors, ...unknown.map((field) => `unknown field ${quote(field)}`)]
    const refuse = (errors: readonly string[]): Error =>
      unfit(patched.value, `strict decoding error: ${errors.join(', ')}`)
    handleStrictErrors(problems, validation, context, refuse)
    throw nameless(context.info.name)
  }
  if (!isKnownElsewhere({ ...parseGroupVersion(apiVersion), kind }, type.group))
    throw unfit(patched.value, `no kind ${quote(kind)} is registered for version ${quote(apiVersion)} ${scheme}`)
  const other = findBuiltinKind(apiVersion, kind)
  if (other) decodePatched(other.struct, patched, validation)
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  const wanted = findBuiltinKind(own, type.kind)?.folder ?? ''
  throw unfit(patched.value, `converting (${version}.${kind}) to (${wanted}.${type.kind}): unknown conversion`)
}

/** What a patched object says it is; empty where it says nothing. */
function kindOfPatched(value: unknown): { readonly kind: string; readonly apiVersion: string } {
  try {
    const { group, version, kind } = typeMetaOf(parseJson(encodeText(encodeJson(value))))
    return { kind, apiVersion: groupVersionOf({ group, version }) }
  } catch (error) {
    throw error instanceof JsonError ? unfit(value, error.message) : error
  }
}

/** Whatever a patch says, its result is of the kind that is patched. */
function named(type: ObjectType, value: unknown): unknown {
  return { ...(value as object), kind: type.kind, apiVersion: groupVersionOf(type) }
}

/** Custom resources have their own idea of what a field may be, and say themselves what they are. */
function decodeCustom(
  type: ObjectType,
  patched: PatchedValue,
  validation: FieldValidation,
  { subresource }: WriteScope,
): Decoded {
  const { value, strictErrors } = patched
  const refuse = (why: string): Error => unfit(value, why)
  const { kind, apiVersion } = kindOfPatched(value)
  if (kind === '') throw refuse(`Object 'Kind' is missing in '${encodeJson(value)}'`)
  if (apiVersion === '') throw internalError("Object 'apiVersion' is missing in 'object has no apiVersion field'")
  try {
    const decoded = readPatched(patched, type)
    const all = [...strictErrors, ...decoded.strictErrors]
    if (validation === 'Strict' && all.length > 0) throw refuse(`strict decoding error: ${all.join(', ')}`)
    // Whoever writes a status leaves all else as it is, whatever they say it is.
    if (subresource !== 'status') checkCustomKind(type, kind, apiVersion, decoded.object.metadata.name ?? '')
    return { value: { ...decoded.object, kind, apiVersion }, strictErrors: all }
  } catch (error) {
    throw error instanceof JsonError ? refuse(error.message) : error
  }
}

/** A patch does not make a custom object one of another kind or version. */
function checkCustomKind(type: ObjectType, kind: string, apiVersion: string, name: string): void {
  const own = groupVersionOf(type)
  const errors = [
    ...(kind === type.kind ? [] : [invalidValue('kind', kind, `must be ${type.kind}`)]),
    ...(apiVersion === own ? [] : [invalidValue('apiVersion', apiVersion, `must be ${own}`)]),
  ]
  if (errors.length > 0) throw invalid({ group: parseGroupVersion(apiVersion).group, kind }, name, errors)
}

function strategicPatch(target: Target, body: RawBody): PatchMechanism {
  const { scope, type } = target
  return {
    create() {
      throw missing(scope)
    },
    *patch(live) {
      if (!type.struct) throw badRequest('strategic merge patch is not supported for custom resources')
      const { value, strictErrors } = patchStrategic(type.struct, live, bytesOf(body), validationOf(scope))
      const problem = type.conversionProblem?.(value as KubeObject)
      if (problem !== undefined) throw failure(500, '', problem)
      yield
      return yield* finish(target, live, { value: named(type, value), strictErrors })
    },
  }
}

/** The result shares with the live object what the patch left alone; the draft must not. */
function* finish(
  { scope, type, manager }: Target,
  live: KubeObject,
  { value, strictErrors }: Decoded,
  forgets = false,
): Steps<Draft<KubeObject>> {
  handleStrictErrors(strictErrors, validationOf(scope), scope.context, (errors) => badRequest(errors.join(', ')))
  const shares = scope.subresource === 'status' && type.kind === 'Pod' && type.group === ''
  const copy = shares ? copyForStatus(value, live) : copyJson(value)
  yield
  const draft = type.applyDefaults(copy as Draft<KubeObject>, shares ? live : undefined)
  if (forgets) draft.metadata.managedFields = []
  return yield* recordManager(scope, manager, live, draft)
}

/**
 * Whoever writes the status of a pod leaves the rest of it as it was; so the draft shares that, as nothing changes it:
 * defaults leave alone what is complete. Those of other kinds do not.
 */
function copyForStatus(value: unknown, live: KubeObject): unknown {
  const before: { readonly [field: string]: Json } = live
  const copy: { [field: string]: unknown } = {}
  for (const [field, part] of Object.entries(value as { readonly [field: string]: unknown })) {
    if (field === 'metadata') copy[field] = copyMetadata(part as KubeObject['metadata'], live.metadata)
    else copy[field] = field !== 'status' && part === before[field] ? part : copyJson(part)
  }
  return copy
}

/** Managed fields are put there anew, from those of the live object: nobody changes the ones that there are. */
function copyMetadata({ managedFields, ...rest }: KubeObject['metadata'], live: KubeObject['metadata']): object {
  const copy = copyJson(rest)
  return managedFields !== undefined && managedFields === live.managedFields ? { ...copy, managedFields } : copy
}

function applyPatch(target: Target, body: RawBody): PatchMechanism {
  const { scope, manager } = target
  const { context, options } = scope
  const name = managerName(options.fieldManager, context.request.headers['user-agent'] ?? '')
  function* run(live: KubeObject | undefined): Steps<Draft<KubeObject>> {
    const { value, strictErrors } = parseApply(body)
    yield
    checkConversion(target.type, value)
    const applied = yield* manager.applyInSteps(live, value, {
      manager: name,
      force: options.force === true,
      now: timestamp(context.clock.now()),
    })
    handleStrictErrors(strictErrors, validationOf(scope), context, (errors) =>
      badRequest(`error strict decoding YAML: error converting YAML to JSON: ${errors.join(', ')}`),
    )
    yield
    // What defaults put into two places of a new object, the strategy still changes as one.
    return (live ? copyJson(applied) : copyJsonAsShared(applied)) as Draft<KubeObject>
  }
  return { patch: run, create: () => run(undefined) }
}

/** @throws StatusError when the server can't hold what is applied */
function checkConversion(type: ObjectType, applied: unknown): void {
  const { metadata } = (applied ?? {}) as Partial<KubeObject>
  if (!metadata) return
  const problem = type.conversionProblem?.({ kind: type.kind, apiVersion: groupVersionOf(type), metadata })
  if (problem === undefined) return
  const { namespace = '', name = '' } = metadata
  const object = `${namespace}/${name}; ${groupVersionOf(type)}, Kind=${type.kind}`
  throw failure(500, '', `failed to convert to unversioned (${object}): ${problem}`)
}

function parseApply(body: RawBody): { readonly value: unknown; readonly strictErrors: readonly string[] } {
  if (body.kind === 'object') return { value: body.object, strictErrors: [] }
  const { body: parsed, strictErrors } = parseApplied(body)
  const { value } = decodeUntyped(parsed)
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return { value, strictErrors }
  const what = `json: cannot unmarshal ${jsonKindOf(value)} into Go value of type map[string]interface {}`
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${what}`)
}

function parseApplied(body: Extract<RawBody, { kind: 'bytes' }>): YamlBody {
  try {
    return yamlOf(body)
  } catch (error) {
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${messageOf(error)}`)
  }
}
