import type { Resource } from '#api'
import { quote, StatusError } from '#machinery'

/** What a request was about, for the text of errors that the server left unexplained. */
export interface RequestSubject {
  readonly method: string
  readonly resource?: Resource
  readonly name?: string
}

const reasons: { readonly [code: number]: readonly [reason: string, message: string] } = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  406: ['NotAcceptable', 'the server was unable to respond with a content type that the client supports'],
  409: ['Conflict', 'the server reported a conflict'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
}

/**
 * The error for an answer that refuses but carries no `Status`: what a proxy on the way says, or a server that is no API
 * server.
 *
 * @param text what the answer's body said, `unknown` when it was no text.
 */
export function genericError(
  code: number,
  subject: RequestSubject,
  text: string,
  retryAfterSeconds: number = 0,
): StatusError {
  const [reason, general] = reasonAndMessage(code, subject.method, text)
  const { resource, name = '' } = subject
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: resource ? `${general} (${about(subject.method, resource, name)})` : general,
    reason,
    details: {
      ...(name === '' ? {} : { name }),
      ...(resource && resource.group !== '' ? { group: resource.group } : {}),
      ...(resource ? { kind: resource.plural } : {}),
      causes: [{ reason: 'UnexpectedServerResponse', message: text }],
      ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
    },
    code,
  })
}

function reasonAndMessage(code: number, method: string, text: string): readonly [string, string] {
  const silent = text === '' || text === 'unknown'
  if (code === 403) return ['Forbidden', text]
  if (code === 415) return ['UnsupportedMediaType', text]
  if (code === 406 && !silent) return ['NotAcceptable', text]
  if (code === 409 && method === 'POST') return ['AlreadyExists', 'the server reported a conflict']
  const known = reasons[code]
  if (known) return known
  if (code >= 500) {
    return ['InternalError', `an error on the server (${quote(text)}) has prevented the request from succeeding`]
  }
  return ['', `the server responded with the status code ${code} but did not return more information`]
}

function about(method: string, resource: Resource, name: string): string {
  const groupResource = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
  const subject = `${method.toLowerCase()} ${groupResource}`
  return name === '' ? subject : `${subject} ${name}`
}
