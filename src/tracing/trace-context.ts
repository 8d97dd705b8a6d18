import type { SpanContext } from '#base'

const form = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/

/** Reads the headers of W3C Trace Context; `undefined` where they tell of no span. */
export function readTraceContext(headers: { readonly [name: string]: string | undefined }): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = form.exec(headers['traceparent'] ?? '') ?? []
  if (version === undefined || version === 'ff' || isZero(traceId) || isZero(spanId)) return undefined
  const bits = Number.parseInt(flags, 16)
  // Later versions may have more to say; the first has not.
  if (version === '00' && (more !== undefined || bits > 2)) return undefined
  const { tracestate } = headers
  const traceState = tracestate !== undefined && isTraceState(tracestate) ? tracestate : undefined
  return { traceId, spanId, isSampled: (bits & 1) === 1, isRemote: true, ...(traceState ? { traceState } : {}) }
}

/** The headers of a span. */
export function writeTraceContext(context: SpanContext): { readonly [name: string]: string } {
  const { traceId, spanId, isSampled, traceState } = context
  return {
    traceparent: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`,
    ...(traceState === undefined ? {} : { tracestate: traceState }),
  }
}

const isZero = (id: string): boolean => /^0*$/.test(id)

const mostMembers = 32
const member = /^[a-z\d][a-z\d_\-*/@]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/

function isTraceState(text: string): boolean {
  const members = text.split(',').map((one) => one.trim())
  const told = members.filter((one) => one !== '')
  return told.length <= mostMembers && told.every((one) => member.test(one))
}
