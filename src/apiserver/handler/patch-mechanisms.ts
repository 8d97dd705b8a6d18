import type { Draft } from '#api'
import { copyJson } from '#base'
import {
  badRequest,
  decodePatched,
  encodeJson,
  encodeText,
  invalid,
  invalidValue,
  JsonError,
  notFound,
  parseYaml,
  patchJson,
  patchMerge,
  patchStrategic,
} from '#machinery'
import type { Decoded, KubeObject, PatchedValue } from '#machinery'
import { timestamp } from '../registry/metadata.ts'
import { managerName } from '../request/write-options.ts'
import type { FieldManager } from '../resource/field-managers.ts'
import type { ObjectType } from '../resource/object-type.ts'
import { handleStrictErrors } from './body.ts'
import type { FieldValidation, RawBody } from './body.ts'
import { recordManager } from './write.ts'
import type { WriteScope } from './write.ts'

/** How one kind of patch makes a new object; all objects are in the version of the request. */
export interface PatchMechanism {
  patch(live: KubeObject): Draft<KubeObject>
  /** There is no object yet: only server-side apply goes on. */
  create(): Draft<KubeObject>
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
    patch(live) {
      const validation = validationOf(scope)
      const patched = apply(live, validation)
      const decoded = type.struct
        ? decodePatched(type.struct, patched, validation)
        : decodeCustom(type, patched, validation)
      return finish(target, live, decoded)
    },
  }
}

/** Custom resources have their own idea of what a field may be. */
function decodeCustom(type: ObjectType, { value, strictErrors }: PatchedValue, validation: FieldValidation): Decoded {
  const refuse = (why: string): Error =>
    invalid({ group: '', kind: '' }, '', [invalidValue('patch', encodeJson(value), why)])
  try {
    const decoded = type.normalize(value)
    const all = [...strictErrors, ...decoded.strictErrors]
    if (validation === 'Strict' && all.length > 0) throw refuse(`strict decoding error: ${all.join(', ')}`)
    return { value: decoded.object, strictErrors: all }
  } catch (error) {
    throw error instanceof JsonError ? refuse(error.message) : error
  }
}

function strategicPatch(target: Target, body: RawBody): PatchMechanism {
  const { scope, type } = target
  return {
    create() {
      throw missing(scope)
    },
    patch(live) {
      if (!type.struct) throw badRequest('strategic merge patch is not supported for custom resources')
      return finish(target, live, patchStrategic(type.struct, live, bytesOf(body), validationOf(scope)))
    },
  }
}

/** The result shares with the live object what the patch left alone; the draft must not. */
function finish(
  { scope, type, manager }: Target,
  live: KubeObject,
  { value, strictErrors }: Decoded,
): Draft<KubeObject> {
  handleStrictErrors(strictErrors, validationOf(scope), scope.context, (errors) => badRequest(errors.join(', ')))
  const draft = type.applyDefaults(copyJson(value) as Draft<KubeObject>)
  return recordManager(scope, manager, live, draft)
}

function applyPatch({ scope, manager }: Target, body: RawBody): PatchMechanism {
  const { context, options } = scope
  const name = managerName(options.fieldManager, context.request.headers['user-agent'] ?? '')
  const run = (live: KubeObject | undefined): Draft<KubeObject> => {
    const { value, strictErrors } = parseApply(body)
    const applied = manager.apply(live, value, {
      manager: name,
      force: options.force === true,
      now: timestamp(context.clock.now()),
    })
    handleStrictErrors(strictErrors, validationOf(scope), context, (errors) =>
      badRequest(`error strict decoding YAML: ${errors.join(', ')}`),
    )
    return copyJson(applied) as Draft<KubeObject>
  }
  return { patch: run, create: () => run(undefined) }
}

function parseApply(body: RawBody): { readonly value: unknown; readonly strictErrors: readonly string[] } {
  if (body.kind === 'object') return { value: body.object, strictErrors: [] }
  try {
    const { body: parsed, strictErrors } = parseYaml(body.bytes)
    return { value: parsed.parsed, strictErrors }
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
}
