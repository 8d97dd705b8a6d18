import { pausesOf } from '#base'
import type { Clock, Pause } from '#base'
import type { ApiResponse } from '#client'
import { contentResponse } from '../negotiation/content.ts'
import type { RequestContext } from '../request/context.ts'
import type { ResourceTable } from '../resource/table.ts'
import { Specs } from './spec.ts'
import type { SpecFormat } from './spec.ts'

/** Answers requests below `/openapi`; `undefined` when the path is no such path or nothing is described there. */
export type OpenApi = (context: RequestContext) => Promise<ApiResponse> | ApiResponse | undefined

interface MediaType {
  readonly accepted: string
  readonly answered: string
  readonly format: SpecFormat
}

function mediaTypes(version: 'v2' | 'v3'): readonly MediaType[] {
  const name = `com.github.proto-openapi.spec.${version}`
  const answered = `application/${name}.v1.0+protobuf`
  return [
    { accepted: 'json', answered: 'application/json', format: 'json' },
    { accepted: `${name}.v1.0+protobuf`, answered, format: 'protobuf' },
    { accepted: `${name}@v1.0+protobuf`, answered, format: 'protobuf' },
  ]
}

const types = { v2: mediaTypes('v2'), v3: mediaTypes('v3') }
const yearMs = 365 * 24 * 60 * 60 * 1000
const nothing = new Uint8Array()
const encoder = new TextEncoder()

/** What nothing is described under is told without a word. */
const undescribed: ApiResponse = { kind: 'bytes', code: 404, contentType: '', bytes: nothing }

/** Serves the OpenAPI documents, versions 2 and 3, of whatever the resource table has. */
export function createOpenApi(): OpenApi {
  const specs = new WeakMap<ResourceTable, Specs>()
  return (context) => {
    const { path } = context.info
    if (!path.startsWith('/openapi/')) return undefined
    const { resources } = context.services
    let own = specs.get(resources)
    if (!own) {
      own = new Specs(resources, context.clock)
      specs.set(resources, own)
    }
    const pause = pausesOf(context.clock)
    if (path === '/openapi/v2') return document(own, 'v2', 'v2', context, pause)
    if (path === '/openapi/v3') return index(own, context, pause)
    if (!path.startsWith('/openapi/v3/')) return undefined
    const name = path.slice('/openapi/v3/'.length)
    return name !== 'v2' && own.has(name) ? document(own, name, 'v3', context, pause) : undescribed
  }
}

async function index(specs: Specs, { clock, request }: RequestContext, pause: Pause): Promise<ApiResponse> {
  const paths: { [name: string]: { readonly serverRelativeURL: string } } = {}
  for (const name of specs.names()) {
    const { etag } = await specs.spec(name, pause)
    paths[name] = { serverRelativeURL: urlOf(name, etag) }
  }
  const content = {
    contentType: 'text/plain; charset=utf-8',
    headers: {},
    since: clock.now(),
    bytes: async () => encoder.encode(JSON.stringify({ paths })),
  }
  return contentResponse(content, request, () => boundaryOf(clock))
}

/** What stands between parts must not be in them. */
const boundaryOf = (clock: Clock): string =>
  [...clock.randomBytes(30)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

function urlOf(name: string, etag: string): string {
  return `/openapi/v3/${name}?hash=${etag}`
}

async function document(
  specs: Specs,
  name: string,
  version: 'v2' | 'v3',
  context: RequestContext,
  pause: Pause,
): Promise<ApiResponse> {
  const { query, request, clock } = context
  const vary = version === 'v2' ? 'Accept-Encoding, Accept' : 'Accept'
  const media = chosen(request.headers['accept'], types[version])
  if (!media) return { kind: 'bytes', code: 406, headers: { vary }, contentType: '', bytes: nothing }
  const spec = await specs.spec(name, pause)
  const { etag, since } = spec
  const headers: { [name: string]: string } = { vary }
  const contentType = media.answered
  const hash = version === 'v3' ? (query.get('hash') ?? '') : ''
  if (hash !== '') {
    if (hash !== etag) {
      const elsewhere = { ...headers, etag: `"${etag}"`, location: urlOf(name, etag) }
      return { kind: 'bytes', code: 301, headers: elsewhere, contentType, bytes: nothing }
    }
    headers['cache-control'] = 'public, immutable'
    headers['expires'] = new Date(clock.now() + yearMs).toUTCString()
  }
  const bytes = (): Promise<Uint8Array> => specs.bytes(spec, media.format, pause)
  return contentResponse({ contentType, headers, etag: `"${etag}"`, since, bytes }, request, () => boundaryOf(clock))
}

/** The first media type that a clause of the header takes; clauses of the same quality count as they stand. */
function chosen(accept: string | undefined, known: readonly MediaType[]): MediaType | undefined {
  for (const { type, subtype } of clauses(accept || '*/*')) {
    if (type !== 'application' && type !== '*') continue
    const found = known.find(({ accepted }) => subtype === '*' || subtype === accepted)
    if (found) return found
  }
  return undefined
}

function clauses(accept: string): { readonly type: string; readonly subtype: string }[] {
  const parsed = accept.split(',').map((clause) => {
    const [media = '', ...parameters] = clause.split(';').map((part) => part.trim())
    const [type = '', subtype = '*'] = media.split('/')
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { type, subtype, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  return parsed.sort((a, b) => b.quality - a.quality)
}
