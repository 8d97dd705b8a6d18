import { traced } from '#base'
import type { Attributes, Span } from '#base'
import type { RequestContext } from '../request/context.ts'
import type { Registry } from '../registry/registry.ts'
import type { RequestTrace } from './request-trace.ts'

/** Where keys begin, which upstream's tell of without it. */
const prefix = '/registry'

const shownKey = (key: string): string => (key.startsWith(prefix) ? key.slice(prefix.length) : key)

/** Writes an object as a span of its own, if anybody listens. */
export function tracedWrite<T>(
  { trace }: RequestContext,
  name: 'Create etcd3' | 'GuaranteedUpdate etcd3',
  { resource }: Registry,
  key: string,
  write: () => Promise<T>,
): Promise<T> {
  if (!trace) return write()
  const { group, plural, kind, struct } = { ...resource, ...resource.type }
  const attributes = {
    'audit-id': trace.auditId,
    key: shownKey(key),
    type: struct ? `*${group === '' ? 'core' : (group.split('.')[0] ?? '')}.${kind}` : '*unstructured.Unstructured',
    group,
    resource: plural,
  }
  return traced(trace.tracer, { name, attributes }, async (span) => {
    const result = await write()
    span.event(name === 'Create etcd3' ? 'Txn call succeeded' : 'Txn call completed')
    return result
  })
}

/** Reads the object of a key from what is kept in memory. */
export function tracedGet<T>(trace: RequestTrace, key: string, version: string, read: () => T): T {
  const attributes = { 'audit-id': trace.auditId, key: shownKey(key), 'resource-version': version }
  return reading(trace, 'cacher.Get', attributes, (span) => {
    span.event('About to fetch object from cache')
    return read()
  })
}

/** Reads what a list, or the beginning of a watch, shows from what is kept in memory. */
export function tracedRead<T>(
  { trace }: RequestContext,
  name: 'cacher.GetList' | 'cacher.Watch',
  { resource }: Registry,
  read: () => Promise<T>,
): Promise<T> {
  if (!trace) return read()
  const { plural, type } = resource
  const attributes = {
    'audit-id': trace.auditId,
    type: type.group === '' ? plural : `${plural}.${type.group}`,
  }
  return reading(trace, name, attributes, read)
}

function reading<T>({ tracer }: RequestTrace, name: string, attributes: Attributes, work: (span: Span) => T): T {
  return traced(tracer, { name, attributes }, work)
}
