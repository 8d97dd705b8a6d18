import type { BytesResponse } from '#client'
import { clausesOf, encodeText, expositionBytes, expositionText } from '#machinery'
import type { MetricFamily } from '#machinery'

const textType = 'text/plain; version=0.0.4; charset=utf-8'
const message = 'io.prometheus.client.MetricFamily'
const protobufType = `application/vnd.google.protobuf; proto=${message}; encoding=delimited`

const escapings: readonly (string | undefined)[] = ['allow-utf-8', 'underscores', 'dots', 'values']

/** Families in the format that the client likes best: protobuf, or text, which also goes to whom neither says anything. */
export function exposition(accept: string, families: Iterable<MetricFamily>): BytesResponse {
  let escaping = 'underscores'
  for (const { type, subtype, parameters } of accept === '' ? [] : clausesOf(accept)) {
    const wanted = parameters.get('escaping')
    if (wanted !== undefined && escapings.includes(wanted)) escaping = wanted
    const version = parameters.get('version') ?? ''
    if (type === 'text' && subtype === 'plain' && (version === '' || version === '0.0.4')) break
    const isProtobuf = `${type}/${subtype}` === 'application/vnd.google.protobuf' && parameters.get('proto') === message
    if (isProtobuf && parameters.get('encoding') === 'delimited')
      return answer(`${protobufType}; escaping=${escaping}`, expositionBytes(families))
  }
  return answer(`${textType}; escaping=${escaping}`, encodeText(expositionText(families)))
}

const answer = (contentType: string, bytes: Uint8Array): BytesResponse => ({
  kind: 'bytes',
  code: 200,
  contentType,
  bytes,
})
