import { gunzipSync } from 'node:zlib'
import { decodeEnvelope, parseYaml } from '#machinery'
import type { FuzzRequest } from './requests.ts'

/** What came back. */
export interface Answer {
  readonly code: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: Uint8Array
  /** Nothing came, and this is why. */
  readonly failure?: string
}

/** Failures of servers that have a cause outside of ours: nobody is where the request has to go, or time was up. */
const causes: readonly RegExp[] = [
  /failed calling webhook/,
  /failed to call webhook/,
  /error trying to reach service/,
  /error dialing backend/,
  /dial tcp \S+ connect: connection refused/,
  /no endpoints available for service/,
  /Too large resource version/,
  /Timeout: (?:request did not complete|Too large)/,
  /request did not complete within/,
  /the server was unable to return a response in the time allotted/i,
  /service unavailable/i,
  /conversion webhook for/,
  /failed to allocate a serviceIP for Service .*: range is full/,
  /failed to generate token: there is no signing key/,
  // Services' own network was deleted, and waits for a controller to let it go.
  /the provided network does not match the current range/,
]

/** What upstream has no better code for either. */
const upstream: readonly RegExp[] = [
  /failed to create typed patch object/,
  /failed to convert new object/,
  /resourceVersion: Invalid value/,
  /target\.(?:kind|name): /,
  /resourceVersion should not be set on objects to be created/,
  /unable to find api field in struct/,
  /expected a (?:\[\]|map\[string\])interface \{\}, but received/,
  /unknown patch type/,
  /list element types are not identical/,
  /no elements in any of the given slices/,
  /cannot merge lists without merge key/,
  /does not contain declared merge key/,
  /merging lists cannot yet be specified in the patch/,
  /expected slice or array type, but got/,
  /doesn't match \$setElementOrder list/,
  /merging an object in json but data type is not struct/,
  /strconv\.ParseUint: parsing/,
  /no preferred addresses found/,
  /the spec replicas field .* does not exist/,
  /Object 'apiVersion' is missing in 'object has no apiVersion field'/,
  /content is not a list/,
]

/** Addresses that another server answers: of a pod or node, or of a group of the API. */
const passedOn = /\/proxy|^\/apis\/remote\.example/

/** Whether a text tells of a failure that is none of the server. */
export const hasCause = (text: string): boolean => [...causes, ...upstream].some((cause) => cause.test(text))

/** What is wrong with an answer; `undefined` if nothing is. */
export function fault(request: FuzzRequest, answer: Answer): string | undefined {
  if (answer.failure !== undefined) return `no answer: ${answer.failure}`
  const body =
    answer.headers['content-encoding'] === 'gzip' && request.method !== 'HEAD' ? gunzipSync(answer.body) : answer.body
  const text = (): string => Buffer.from(body).toString('utf8')
  // An answer to HEAD has no body that could tell why it could not be passed on.
  if (request.method === 'HEAD' && answer.code >= 500 && passedOn.test(request.url)) return undefined
  if (answer.code >= 500) return hasCause(text()) ? undefined : `${answer.code} without a cause`
  if (request.method === 'HEAD' || answer.code === 101 || answer.code === 204 || (request.streams && answer.code < 300))
    return undefined
  const type = answer.headers['content-type'] ?? ''
  if (type.startsWith('application/json')) return jsonFault(text(), answer.code)
  if (type.startsWith('application/vnd.kubernetes.protobuf')) return messageFault(body)
  if (type.startsWith('application/yaml')) return yamlFault(body)
  return undefined
}

function jsonFault(text: string, code: number): string | undefined {
  let object: {
    readonly kind?: unknown
    readonly apiVersion?: unknown
    readonly status?: unknown
    readonly code?: unknown
    readonly message?: unknown
  }
  try {
    object = JSON.parse(text)
  } catch {
    return 'the answer is no JSON'
  }
  if (code < 400) return undefined
  if (object.kind !== 'Status' || object.apiVersion !== 'v1' || object.status !== 'Failure')
    return 'an error that is no Status'
  if (object.code !== code) return `the Status says ${String(object.code)}, the answer ${code}`
  return typeof object.message === 'string' && object.message !== '' ? undefined : 'a Status without a message'
}

function messageFault(body: Uint8Array): string | undefined {
  try {
    const { kind } = decodeEnvelope(body)
    return kind === '' ? 'a message of no kind' : undefined
  } catch (error) {
    return `the answer is no message: ${String(error)}`
  }
}

function yamlFault(body: Uint8Array): string | undefined {
  try {
    parseYaml(body)
    return undefined
  } catch (error) {
    // Objects may nest deeper than what is read.
    const limit = /exceeded max depth of (\d+)$/.exec(String(error))?.[1]
    if (limit !== undefined && deepestOf(body) >= Number(limit)) return undefined
    return `the answer is no YAML: ${String(error)}`
  }
}

/** How far into a line of YAML its text begins. Two columns hold a mapping, a list, or a list within a mapping. */
function deepestOf(body: Uint8Array): number {
  let deepest = 0
  for (const line of Buffer.from(body).toString('latin1').split('\n'))
    deepest = Math.max(deepest, /^(?:- | )*/.exec(line)?.[0].length ?? 0)
  return deepest
}

/** Nothing may have changed: the server said that it did nothing, or was asked to do nothing. */
export function mustNotChange(request: FuzzRequest, answer: Answer): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true
  // A collection may have been deleted in part; that no form of the answer is accepted shows when the work is done.
  if (answer.code < 400 || answer.code >= 500 || answer.code === 406 || request.method === 'DELETE') return false
  // Addresses are taken before a Service is written, and given back.
  return !request.url.includes('/services')
}
