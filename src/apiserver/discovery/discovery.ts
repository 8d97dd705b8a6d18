import type { ApiResponse } from '#client'
import { clausesOf, fits, sha256Hex, unknownResource, wantsPretty } from '#machinery'
import { methodNotAllowed } from '../handler/dispatch.ts'
import { encode, negotiatedFormat, objectResponse, outputFormat } from '../handler/respond.ts'
import type { MediaType, OutputFormat } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import type { ResourceTable } from '../resource/table.ts'
import { apiGroup, apiResources, discoveredGroup, groupVersionText, orderedGroups } from './documents.ts'

/** Answers what a path below `/api` or `/apis` asks about the API itself; `undefined` when it is no such path. */
export type Discovery = (context: RequestContext) => ApiResponse | undefined

export interface DiscoveryOptions {
  /** `host:port` under which clients reach the server. */
  readonly serverAddress: () => string
}

const mediaTypes: readonly MediaType[] = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

const restrictions = { mediaTypes, convertible: false }

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const aggregates = new Map<
    string,
    { readonly generation: number; readonly document: object; readonly etag: string }
  >()
  return (context) => {
    const { resources } = context.services
    const { path } = context.info
    const segments = path.split('/').filter((segment) => segment !== '')
    if (path.includes('//')) {
      if (/^\/apis?\//.test(path)) throw unknownResource()
      return undefined
    }
    switch (segments[0]) {
      case 'api':
        if (segments.length === 1) return aggregated(context, 'api', aggregates) ?? apiVersions(context, options)
        return segments.length === 2 ? resourceList(context, '', segments[1] ?? '') : undefined
      case 'apis':
        if (path === '/apis') return aggregated(context, 'apis', aggregates) ?? groupList(context, resources)
        // Under this path it was always a list of groups.
        if (segments.length === 1) return groupList(context, resources)
        if (segments.length === 2) return oneGroup(context, resources, segments[1] ?? '')
        return segments.length === 3 ? resourceList(context, segments[1] ?? '', segments[2] ?? '') : undefined
      default:
        return undefined
    }
  }
}

/** @throws StatusError NotAcceptable, MethodNotAllowed */
function formatOf(context: RequestContext): OutputFormat {
  if (context.request.method !== 'GET') throw methodNotAllowed()
  return outputFormat(context, restrictions)
}

function respond(
  context: RequestContext,
  type: string,
  object: object,
  format: OutputFormat = formatOf(context),
): ApiResponse {
  return objectResponse(200, { object, struct: builtinStruct('meta/v1', type) }, format)
}

function apiVersions(context: RequestContext, { serverAddress }: DiscoveryOptions): ApiResponse {
  const addresses = [{ clientCIDR: '0.0.0.0/0', serverAddress: serverAddress() }]
  return respond(context, 'APIVersions', {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: addresses,
  })
}

/** Groups answer whatever the method is: they are no routes of one. */
function groupList(context: RequestContext, resources: ResourceTable): ApiResponse {
  const groups = orderedGroups(resources).map(({ name, versions }) => apiGroup(name, versions))
  const list = { kind: 'APIGroupList', apiVersion: 'v1', groups }
  return respond(context, 'APIGroupList', list, negotiatedFormat(context, restrictions))
}

function oneGroup(context: RequestContext, resources: ResourceTable, group: string): ApiResponse | undefined {
  const found = orderedGroups(resources).find(({ name }) => name === group)
  if (!found) return undefined
  const document = { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found.name, found.versions) }
  return respond(context, 'APIGroup', document, negotiatedFormat(context, restrictions))
}

/** @throws StatusError NotFound for a version that a known group does not have. */
function resourceList(context: RequestContext, group: string, version: string): ApiResponse | undefined {
  const { resources } = context.services
  if (!resources.hasVersion(group, version)) {
    if (resources.hasBuiltin(group)) throw unknownResource()
    return undefined
  }
  // The list of the core group carries no apiVersion.
  const head = group === '' ? { kind: 'APIResourceList' } : { kind: 'APIResourceList', apiVersion: 'v1' }
  const list = {
    ...head,
    groupVersion: groupVersionText(group, version),
    resources: apiResources(resources.list(group, version)),
  }
  // Versions of custom resources are no routes either.
  return resources.hasBuiltin(group)
    ? respond(context, 'APIResourceList', list)
    : respond(context, 'APIResourceList', list, negotiatedFormat(context, restrictions))
}

/** Everything in one document, for clients that ask for it (KEP-3352). */
function aggregated(
  context: RequestContext,
  root: 'api' | 'apis',
  cache: Map<string, { readonly generation: number; readonly document: object; readonly etag: string }>,
): ApiResponse | undefined {
  const mediaType = aggregatedType(context.request.headers['accept'])
  if (mediaType === undefined) return undefined
  const { resources } = context.services
  let known = cache.get(root)
  if (known?.generation !== resources.generation) {
    const groups = root === 'api' ? [{ name: '', versions: ['v1'] }] : orderedGroups(resources)
    const items = groups.map(({ name, versions }) => discoveredGroup(name, versions, resources))
    const document = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
    const etag = `"${sha256Hex(JSON.stringify(document)).toUpperCase()}"`
    known = { generation: resources.generation, document, etag }
    cache.set(root, known)
  }
  const { document, etag } = known
  const headers = { etag, vary: 'Accept', 'cache-control': 'public' }
  const contentType = `${mediaType};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`
  if (context.request.headers['if-none-match'] === etag) {
    return { kind: 'bytes', code: 304, headers, contentType: '', bytes: new Uint8Array() }
  }
  const pretty = wantsPretty(context.query, context.request.headers['user-agent'] ?? '')
  const encodable = { object: document, struct: builtinStruct('apidiscovery/v2', 'APIGroupDiscoveryList') }
  return {
    kind: 'object',
    code: 200,
    headers,
    object: document,
    encode: () => ({ contentType, bytes: encode(encodable, { mediaType, pretty }).bytes }),
  }
}

/** The media type under which the request takes aggregated discovery, however much it would rather have something else. */
function aggregatedType(accept: string | undefined): MediaType | undefined {
  for (const clause of clausesOf(accept ?? '')) {
    const wanted = ['as', 'g', 'v'].map((name) => clause.parameters.get(name)).join(' ')
    if (wanted !== 'APIGroupDiscoveryList apidiscovery.k8s.io v2') continue
    const mediaType = mediaTypes.find((type) => fits(clause, type))
    if (mediaType) return mediaType
  }
  return undefined
}
