import { enumeration, message } from '#grpc'
import type { Method } from '#grpc'

/** Messages of the OpenTelemetry protocol (OTLP 1.x), as far as spans need them. */

const values = message({
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int'],
  doubleValue: [4, 'double'],
})

const keyValue = message({ key: [1, 'string'], value: [2, values] })

const resource = message({ attributes: [1, keyValue, 'repeated'] })

const scope = message({ name: [1, 'string'], version: [2, 'string'] })

const event = message({
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'string'],
  attributes: [3, keyValue, 'repeated'],
})

const link = message({
  traceId: [1, 'bytes'],
  spanId: [2, 'bytes'],
  traceState: [3, 'string'],
  attributes: [4, keyValue, 'repeated'],
  flags: [6, 'fixed32'],
})

const status = message({ message: [2, 'string'], code: [3, enumeration('Unset', 'Ok', 'Error')] })

const span = message({
  traceId: [1, 'bytes'],
  spanId: [2, 'bytes'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'bytes'],
  name: [5, 'string'],
  kind: [6, enumeration('Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer')],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, keyValue, 'repeated'],
  droppedAttributesCount: [10, 'int'],
  events: [11, event, 'repeated'],
  droppedEventsCount: [12, 'int'],
  links: [13, link, 'repeated'],
  status: [15, status],
  flags: [16, 'fixed32'],
})

const scopeSpans = message({ scope: [1, scope], spans: [2, span, 'repeated'], schemaUrl: [3, 'string'] })

const resourceSpans = message({
  resource: [1, resource],
  scopeSpans: [2, scopeSpans, 'repeated'],
  schemaUrl: [3, 'string'],
})

export const exportSpans: Method = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  request: message({ resourceSpans: [1, resourceSpans, 'repeated'] }),
  response: message({}),
}
