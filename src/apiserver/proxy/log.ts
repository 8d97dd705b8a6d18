import { messageOf } from '#base'
import type { PodLogOptions } from '#api/core/v1'
import type { ApiResponse } from '#client'
import {
  badRequest,
  canonicalTime,
  decodeText,
  failure,
  fieldForbidden,
  hostPort,
  internalError,
  invalid,
  invalidValue,
  TimeError,
} from '#machinery'
import type { FieldError } from '#machinery'
import { negotiatedFormat, requireRepresentation } from '../handler/respond.ts'
import { answeredRestrictions } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import type { ConnectFunction } from '../resource/resource.ts'
import type { BackendAnswer } from './backend.ts'
import { containerOf, kubeletOf, podNamed } from './kubelet.ts'

const longestError = 50_000

/** Answers `pods/log`: what a container wrote, as its kubelet has it. */
export const podLog: ConnectFunction = async (name, _path, request, context) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed()
  requireAcceptable(context)
  const options = decodeQuery<PodLogOptions>(builtinStruct('core/v1', 'PodLogOptions'), context.query)
  context.services.metrics.podLogs.asked(options.insecureSkipTLSVerifyBackend === true)
  const errors = validate(options)
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors)
  const query = queryOf(options)
  const pod = podNamed(name, context)
  const container = containerOf(pod, options.container ?? '')
  const node = pod.spec?.nodeName ?? ''
  if (node === '') return { kind: 'bytes', code: 204, contentType: '', bytes: new Uint8Array() }
  const kubelet = kubeletOf(node, context.services)
  const backend = options.insecureSkipTLSVerifyBackend ? { ...kubelet, kind: 'unverifiedKubelet' as const } : kubelet
  const path = `/containerLogs/${context.info.namespace}/${name}/${container}`
  const target = query === '' ? path : `${path}?${query}`
  const answer = await ask(context, { backend, target })
  if (answer.code < 200 || answer.code > 206) throw await refusal(answer, name)
  const log: ApiResponse = { kind: 'stream', code: 200, contentType: 'text/plain', body: answer.body, messages: true }
  return log
}

/** Logs are text, but who asks must take some form of objects, in which errors are told. */
function requireAcceptable(context: RequestContext): void {
  requireRepresentation(context, ['text/plain', ...answeredRestrictions.mediaTypes])
  negotiatedFormat(context, answeredRestrictions)
}

async function ask(
  { services, request }: RequestContext,
  { backend, target }: { readonly backend: ReturnType<typeof kubeletOf>; readonly target: string },
): Promise<BackendAnswer> {
  const headers = { host: hostPort(backend.host, backend.port), 'user-agent': 'k8ts' }
  try {
    return await services.backends({ backend, method: 'GET', target, headers, signal: request.signal })
  } catch (error) {
    throw new Error(`Get "${backend.scheme}://${hostPort(backend.host, backend.port)}${target}": ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function validate(options: PodLogOptions): FieldError[] {
  const { tailLines, limitBytes, sinceSeconds, sinceTime, stream } = options
  const errors: FieldError[] = []
  if (tailLines !== undefined && tailLines < 0)
    errors.push(invalidValue('tailLines', tailLines, 'must be greater than or equal to 0'))
  if (limitBytes !== undefined && limitBytes < 1)
    errors.push(invalidValue('limitBytes', limitBytes, 'must be greater than 0'))
  if (sinceSeconds !== undefined && sinceTime)
    errors.push(fieldForbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'))
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    errors.push(invalidValue('sinceSeconds', sinceSeconds, 'must be greater than 0'))
  if (stream !== undefined) errors.push(fieldForbidden('stream', 'may not be specified'))
  return errors
}

function queryOf(options: PodLogOptions): string {
  const query = new URLSearchParams()
  for (const field of ['follow', 'previous', 'timestamps'] as const) if (options[field]) query.set(field, 'true')
  for (const field of ['sinceSeconds', 'tailLines', 'limitBytes'] as const) {
    const value = options[field]
    if (value !== undefined) query.set(field, String(value))
  }
  if (options.sinceTime) query.set('sinceTime', timeOf(options.sinceTime))
  query.sort()
  return query.toString()
}

function timeOf(text: string): string {
  try {
    return canonicalTime(text) ?? ''
  } catch (error) {
    throw error instanceof TimeError ? badRequest(error.message) : error
  }
}

/** What the kubelet says against it, in the API's words. */
async function refusal({ code, body }: BackendAnswer, name: string): Promise<Error> {
  let text = ''
  for await (const bytes of body) {
    text += decodeText(bytes)
    if (text.length >= longestError) break
  }
  if (code === 500) return internalError(text)
  if (code === 400) return badRequest(text)
  const details = { name, kind: 'pods/log' }
  const about = `( pods/log ${name})`
  switch (code) {
    case 401:
      return failure(
        401,
        'Unauthorized',
        `the server has asked for the client to provide credentials ${about}`,
        details,
      )
    case 403:
      return failure(403, 'Forbidden', `${text} ${about}`, details)
    case 404:
      return failure(404, 'NotFound', `the server could not find the requested resource ${about}`, details)
    default: {
      const reason = code >= 500 ? 'InternalError' : ''
      const said =
        code >= 500
          ? `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`
          : `the server responded with the status code ${code} but did not return more information`
      return failure(code, reason, `${said} ${about}`, details)
    }
  }
}

export const methodNotAllowed = (): Error =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
