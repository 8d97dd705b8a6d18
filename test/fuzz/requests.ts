import { Arbitrary, Stream, Value } from 'fast-check'
import type { Random } from 'fast-check'
import { bodyOf } from './bodies.ts'
import type { Body } from './bodies.ts'
import { Chance } from './chance.ts'
import { subresourceExamples } from './examples.ts'
import { mutate, objectFor } from './objects.ts'
import { patchOf } from './patches.ts'
import { commonQuery, deleteQuery, escaped, listQuery, queryText, writeQuery } from './queries.ts'
import { builtin, collectionPath, custom } from './resources.ts'
import type { Target } from './resources.ts'
import type { Fields } from './values.ts'
import { names, namespaces, odd } from './words.ts'

/** A request to the API server, ready to be sent. */
export interface FuzzRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body?: Uint8Array
  /** It asks for a stream that has no end of its own. */
  readonly streams: boolean
}

const targets: readonly Target[] = [...builtin, ...custom, ...custom, ...custom]
/** Those that others depend on come more often. */
const frequent = targets.filter(({ plural }) =>
  /^(?:pods|services|deployments|configmaps|customresourcedefinitions|widgets|validatingadmissionpolic.*)$/.test(
    plural,
  ),
)

/** Tokens that lists gave away: requests that go on with them depend on what was answered before. */
export class Tokens {
  readonly #kept: string[] = []

  get all(): readonly string[] {
    return this.#kept
  }

  add(token: string): void {
    if (this.#kept.push(token) > 16) this.#kept.shift()
  }
}

/** Any request. A seed gives the same ones as long as the answers, which have tokens, are the same. */
export class RequestArbitrary extends Arbitrary<FuzzRequest> {
  readonly #tokens: Tokens
  readonly #focus: readonly Target[]

  /** @param seed chooses resources that most requests are about, so that they meet what others left */
  constructor(tokens: Tokens, seed: number) {
    super()
    this.#tokens = tokens
    this.#focus = [0, 1, 2, 3, 4].map((index) => targets[((seed + index) * 2_654_435_761) % targets.length] as Target)
  }

  override generate(random: Random): Value<FuzzRequest> {
    return new Value(requestFrom(new Chance(random), this.#focus, this.#tokens.all), undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is FuzzRequest {
    return value === null
  }

  override shrink(): Stream<Value<FuzzRequest>> {
    return Stream.nil()
  }
}

interface Draft {
  method: string
  url: string
  headers: { [name: string]: string }
  body?: Body
  streams?: boolean
}

function requestFrom(chance: Chance, focus: readonly Target[], tokens: readonly string[]): FuzzRequest {
  const draft = chance.hits(0.04) ? elsewhere(chance) : forResource(chance, focus, tokens)
  const headers: { [name: string]: string } = { accept: acceptFor(chance), ...draft.headers }
  if (draft.body?.contentType !== undefined) headers['content-type'] = draft.body.contentType
  if (chance.hits(0.05)) headers['accept-encoding'] = 'gzip'
  if (chance.hits(0.02)) headers['impersonate-user'] = chance.oneOf(['alice', 'system:node:fz-a', ''])
  if (chance.hits(0.005)) headers['impersonate-group'] = chance.oneOf(['a', ''])
  if (chance.hits(0.01)) headers['user-agent'] = 'curl/8'
  const method = chance.hits(0.005)
    ? chance.oneOf(['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'FOO', 'HEAD'])
    : draft.method
  return {
    method,
    url: draft.url,
    headers,
    ...(draft.body && method !== 'HEAD' ? { body: draft.body.bytes } : {}),
    streams: draft.streams ?? /[?&](?:watch|follow)=/.test(draft.url),
  }
}

const json = 'application/json'
const protobuf = 'application/vnd.kubernetes.protobuf'
const tables = 'application/json;as=Table;g=meta.k8s.io;v=v1'

function acceptFor(chance: Chance): string {
  if (chance.hits(0.6)) return json
  return chance.oneOf([
    protobuf,
    protobuf,
    'application/yaml',
    tables,
    `${tables}, ${json}`,
    'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    `${protobuf};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1`,
    'application/json;as=Table;g=meta.k8s.io;v=v1beta1',
    'application/json;stream=watch',
    '*/*',
    'text/html',
    'application/cbor',
    '',
    ';;;',
    'application/json;q=0, */*;q=0.1',
  ])
}

function forResource(chance: Chance, focus: readonly Target[], tokens: readonly string[]): Draft {
  const target = chance.oneOf(chance.hits(0.8) ? focus : chance.hits(0.5) ? frequent : targets)
  const namespace = chance.hits(0.96)
    ? chance.oneOf(namespaces)
    : chance.oneOf(['', 'fz-none', 'default', 'kube-system', ...odd])
  const collection = collectionPath(target, target.namespaced ? escaped(namespace) : '')
  const object = objectFor(target, namespace, chance.oneOf(names), chance)
  const own = (object['metadata'] as Fields | null | undefined)?.['name']
  const name = chance.hits(0.97)
    ? typeof own === 'string' && own !== ''
      ? own
      : chance.oneOf(names)
    : chance.oneOf(odd)
  const path = `${collection}/${escaped(name)}`
  const headers = {}
  if (target.subresources.length > 0 && chance.hits(0.25)) return forSubresource(target, path, object, chance)
  switch (verbOf(target, chance)) {
    case 'get':
      return { method: 'GET', url: path + queryText(commonQuery(chance)), headers }
    case 'list':
      return { method: 'GET', url: collection + queryText(listQuery(chance, tokens)), headers }
    case 'watch':
      return {
        method: 'GET',
        url: collection + queryText([['watch', chance.oneOf(['1', 'true', 'x'])], ...listQuery(chance, tokens)]),
        headers,
        streams: true,
      }
    case 'create':
      return {
        method: 'POST',
        url: collection + queryText(writeQuery(chance, false)),
        headers,
        body: bodyOf(object, target.struct, chance),
      }
    case 'update':
      return {
        method: 'PUT',
        url: path + queryText(writeQuery(chance, false)),
        headers,
        body: bodyOf(object, target.struct, chance),
      }
    case 'patch': {
      const body = patchOf(object, chance)
      return {
        method: 'PATCH',
        url: path + queryText(writeQuery(chance, body.contentType === 'application/apply-patch+yaml')),
        headers,
        body,
      }
    }
    case 'deletecollection':
      return {
        method: 'DELETE',
        url: collection + queryText([...deleteQuery(chance), ...listQuery(chance, tokens)]),
        headers,
      }
    default:
      return { method: 'DELETE', url: path + queryText(deleteQuery(chance)), headers, ...deleteBody(chance) }
  }
}

const weights: readonly (readonly [verb: string, weight: number])[] = [
  ['create', 24],
  ['update', 14],
  ['patch', 26],
  ['get', 8],
  ['list', 10],
  ['watch', 3],
  ['delete', 12],
  ['deletecollection', 2],
]
const verbs = weights.flatMap(([verb, weight]) => Array.from({ length: weight }, () => verb))

function verbOf(target: Target, chance: Chance): string {
  const verb = chance.oneOf(verbs)
  // What a resource does not know is asked for seldom.
  return target.verbs.includes(verb) || chance.hits(0.1) ? verb : chance.oneOf(target.verbs)
}

function deleteBody(chance: Chance): { readonly body?: Body } {
  if (chance.hits(0.7)) return {}
  const options: Fields = {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds: chance.oneOf([0, 1, -1]),
    propagationPolicy: chance.oneOf(['Background', 'Orphan', 'Foreground']),
  }
  if (chance.hits(0.3)) options['preconditions'] = { uid: 'x', resourceVersion: chance.oneOf(['1', 'x']) }
  if (chance.hits(0.3)) mutate(options, chance)
  return { body: bodyOf(options, undefined, chance) }
}

function forSubresource(target: Target, path: string, object: Fields, chance: Chance): Draft {
  const { name, verbs: known, struct } = chance.oneOf(target.subresources)
  const url = `${path}/${name}`
  const headers = {}
  if (['exec', 'attach', 'portforward', 'proxy', 'log'].includes(name)) return streaming(name, url, chance)
  const body = subresourceExamples[name]
  const sent: Fields =
    body === undefined ? object : { ...structuredClone(body), metadata: { ...(object['metadata'] as object | null) } }
  if (body !== undefined && chance.hits(0.3)) mutate(sent, chance)
  switch (chance.hits(0.05) ? 'x' : chance.oneOf(known)) {
    case 'get':
      return { method: 'GET', url: url + queryText(commonQuery(chance)), headers }
    case 'patch': {
      const patch = patchOf(sent, chance)
      return {
        method: 'PATCH',
        url: url + queryText(writeQuery(chance, patch.contentType === 'application/apply-patch+yaml')),
        headers,
        body: patch,
      }
    }
    case 'update':
      return {
        method: 'PUT',
        url: url + queryText(writeQuery(chance, false)),
        headers,
        body: bodyOf(sent, struct, chance),
      }
    case 'create':
      return {
        method: 'POST',
        url: url + queryText(writeQuery(chance, false)),
        headers,
        body: bodyOf(sent, struct, chance),
      }
    default:
      return { method: 'DELETE', url, headers }
  }
}

/** Requests to nodes and endpoints, none of which are there. */
function streaming(name: string, url: string, chance: Chance): Draft {
  const query: [string, string][] = []
  if (name === 'exec' || name === 'attach')
    for (const option of ['command', 'stdin', 'stdout', 'stderr', 'tty', 'container'])
      if (chance.hits(0.5)) query.push([option, chance.oneOf(['true', '1', 'c', 'x', ''])])
  if (name === 'log')
    for (const option of [
      'follow',
      'previous',
      'tailLines',
      'sinceSeconds',
      'limitBytes',
      'timestamps',
      'sinceTime',
      'stream',
    ])
      if (chance.hits(0.2)) query.push([option, chance.oneOf(['true', '1', '-1', 'x', ''])])
  const suffix = name === 'proxy' && chance.hits(0.5) ? `/${escaped(chance.oneOf(odd))}` : ''
  const upgrade = chance.hits(0.7) && name !== 'log'
  const headers = upgrade
    ? chance.oneOf<{ [name: string]: string }>([
        {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-protocol': chance.oneOf([
            'v5.channel.k8s.io',
            'v4.channel.k8s.io',
            'x',
            'SPDY/3.1+portforward.k8s.io',
          ]),
        },
        { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' },
        { connection: 'Upgrade', upgrade: 'x' },
      ])
    : {}
  return { method: chance.oneOf(['GET', 'POST', 'GET']), url: url + suffix + queryText(query), headers, streams: true }
}

const paths: readonly string[] = [
  '/',
  '/api',
  '/apis',
  '/apis/apps',
  '/apis/apps/v1',
  '/api/v1',
  '/healthz',
  '/livez/ping',
  '/readyz',
  '/version',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/apis/apps/v1',
  '/openid/v1/jwks',
  '/.well-known/openid-configuration',
  '/apis/remote.example/v1',
  '/apis/remote.example/v1/things/a',
  '/apis/fuzz.example/v1',
  '/api/v1/namespaces//pods',
  '/api/v1/namespaces/a/b/c/d/e/f',
  '//',
  '/%2e%2e/',
  '/apis/x',
  '/logs',
  '/api/v2',
]

/** Paths that are no resources. */
function elsewhere(chance: Chance): Draft {
  const path = chance.hits(0.9) ? chance.oneOf(paths) : `/${escaped(chance.oneOf(odd))}/${escaped(chance.oneOf(odd))}`
  const accept = chance.hits(0.3)
    ? { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }
    : {}
  return {
    method: chance.oneOf(['GET', 'GET', 'GET', 'POST', 'DELETE']),
    url: path + queryText(commonQuery(chance)),
    headers: accept,
  }
}
