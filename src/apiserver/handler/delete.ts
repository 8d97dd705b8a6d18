import { Turns } from '#base'
import type { DeleteOptions } from '#api/meta/v1'
import type { ApiResponse } from '#client'
import { isNotFound, methodNotSupported } from '#machinery'
import type { KubeObject } from '#machinery'
import { deleteObject } from '../registry/delete.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import { checkDeleteOptions } from '../request/write-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import type { Endpoint, StoredResource } from '../resource/resource.ts'
import { decodeDeleteOptions } from './delete-options.ts'
import { readBody, tellBody } from './body.ts'
import { respondWithObject } from './object-response.ts'
import { listResponse, readListOptions, readSelected } from './list.ts'
import { objectResponse, outputFormat } from './respond.ts'
import { attributesOf } from './write.ts'

/** DELETE of one object. */
export async function deleteOne(endpoint: Endpoint, context: RequestContext): Promise<ApiResponse> {
  const format = outputFormat(context)
  const { resource, options, dryRun } = await readDeletion(endpoint, context)
  const { info } = context
  resource.strategy.checkDeletable?.(info.name)
  context.trace?.event('About to delete object from database')
  const { object, state } = await remove(endpoint, resource, info.name, options, { ...context, dryRun })
  context.trace?.event('Object deleted from database')
  const accepted = state !== 'gone' && options.orphanDependents === false
  const code = accepted ? 202 : 200
  if (resource.strategy.returnsDeletedObject || state === 'marked')
    return respondWithObject(code, endpoint, object, context)
  const { name = info.name, uid } = object.metadata
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(endpoint.group === '' ? {} : { group: endpoint.group }),
      kind: endpoint.plural,
      ...(uid === undefined ? {} : { uid }),
    },
  }
  return objectResponse(code, { object: status, struct: builtinStruct('meta/v1', 'Status') }, format)
}

/** DELETE of a collection: everything a list with the same selectors shows. */
export async function deleteCollection(endpoint: Endpoint, context: RequestContext): Promise<ApiResponse> {
  outputFormat(context)
  const { options: listOptions, selection } = readListOptions(endpoint, context)
  const { resource, options, dryRun } = await readDeletion(endpoint, context)
  const registry = context.services.registryOf(resource)
  // Collections are deleted page by page, and a page is of one revision.
  const exact = (listOptions.resourceVersion ?? '0') !== '0' && listOptions.resourceVersionMatch === undefined
  const read = exact ? { ...listOptions, resourceVersionMatch: 'Exact' } : listOptions
  const page = await readSelected(endpoint, registry, { options: read, selection }, context)
  const turns = new Turns(context.clock)
  for (const entry of page.entries) {
    const { name = '', namespace = '' } = registry.objects.object(entry).metadata
    const info = { ...context.info, namespace, name }
    try {
      await remove(endpoint, resource, name, options, { ...context, info, dryRun })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    const wait = turns.next()
    if (wait) await wait
  }
  return listResponse(endpoint, page, context)
}

interface ReadDeletion {
  readonly resource: StoredResource
  readonly options: DeleteOptions
  readonly dryRun: boolean
}

/** Options come in the body, or in the query when there is none. */
async function readDeletion(endpoint: Endpoint, context: RequestContext): Promise<ReadDeletion> {
  const { backing } = endpoint
  if (backing.kind !== 'stored')
    throw methodNotSupported({ group: endpoint.group, resource: endpoint.plural }, 'delete')
  const body = await readBody(context)
  tellBody(context, body)
  const empty = body.kind === 'bytes' ? body.bytes.length === 0 : body.object === undefined
  const options = empty ? optionsOfQuery(context.query) : decodeDeleteOptions(body)
  // The version is that in which upstream holds options.
  if (!empty) context.audit?.requestObject({ ...options, kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/__internal' })
  checkDeleteOptions(options)
  for (const warning of backing.resource.strategy.warningsOnDelete?.(options) ?? []) context.warnings.add(warning)
  return { resource: backing.resource, options, dryRun: (options.dryRun ?? []).length > 0 }
}

function optionsOfQuery(query: URLSearchParams): DeleteOptions {
  const options = decodeQuery<DeleteOptions>(builtinStruct('meta/v1', 'DeleteOptions'), query)
  const uid = query.get('uid') ?? ''
  const resourceVersion = query.get('resourceVersion') ?? ''
  if (uid === '' && resourceVersion === '') return options
  const preconditions = { ...(uid === '' ? {} : { uid }), ...(resourceVersion === '' ? {} : { resourceVersion }) }
  return { ...options, preconditions }
}

function remove(
  endpoint: Endpoint,
  resource: StoredResource,
  name: string,
  options: DeleteOptions,
  context: RequestContext,
): ReturnType<typeof deleteObject> {
  const { services, info } = context
  const validate = async (oldObject: KubeObject): Promise<void> => {
    const attributes = attributesOf({ endpoint, subresource: '', context, options: {} }, 'DELETE', { oldObject, name })
    await services.admission.admit({ ...attributes, options })
    await services.admission.validate({ ...attributes, options })
  }
  return deleteObject(services.registryOf(resource), { namespace: info.namespace, name, options, validate }, context)
}
