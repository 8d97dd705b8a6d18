import { badRequest, FieldSelector, quote } from '#machinery'
import type { RequestInfo } from '../request/request-info.ts'
import type { Endpoint } from '../resource/resource.ts'

/**
 * The field selector a list or watch works with: only labels the resource knows; a name in the path narrows it to that
 * name.
 *
 * @throws StatusError BadRequest
 */
export function fieldSelectorOf(
  endpoint: Endpoint,
  selector: FieldSelector | undefined,
  info: RequestInfo,
): FieldSelector | undefined {
  for (const { field } of selector?.requirements ?? []) {
    if (!knows(endpoint, field)) throw badRequest(unknownLabel(endpoint, field))
  }
  if (info.name === '') return selector
  if (!selector || selector.isEmpty()) {
    return FieldSelector.of([{ field: 'metadata.name', operator: '=', value: info.name }])
  }
  if (selector.exactValue('metadata.name') !== info.name) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name")
  }
  return selector
}

function knows(endpoint: Endpoint, label: string): boolean {
  if (label === 'metadata.name') return true
  return (label === 'metadata.namespace' && endpoint.namespaced) || endpoint.fieldLabels.has(label)
}

/** Resources without labels of their own name those that exist; others name the label alone. */
function unknownLabel(endpoint: Endpoint, label: string): string {
  const { backing, fieldLabels, type } = endpoint
  const own = backing.kind === 'stored' ? backing.resource.strategy.unknownField?.(label) : undefined
  if (own !== undefined) return own
  const hasOwn = [...fieldLabels].some((known) => !known.startsWith('metadata.'))
  if (hasOwn || !type.struct) return `field label not supported: ${label}`
  return `${quote(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`
}
