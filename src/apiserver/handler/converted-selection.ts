import { FieldSelector } from '#machinery'
import type { KubeObject, Selector } from '#machinery'
import type { Change, ChangeType } from '../registry/change.ts'
import { select, selectable } from '../registry/selection.ts'
import type { Selection } from '../registry/selection.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint } from '../resource/resource.ts'
import type { Page } from './page.ts'
import { preparedObjects } from './prepared.ts'

/** What a request is about, where part of that shows in the endpoint's version of an object only. */
export interface EndpointSelection extends Selection {
  /** Whether an object that the rest selects is meant, judged by what the endpoint's version makes of it. */
  readonly converted?: (object: KubeObject) => boolean
}

/**
 * Puts selectors together. Fields are those of the endpoint's version: where somebody else converts between that and the
 * stored one, they can't be told before.
 */
export function selectionOf(
  endpoint: Endpoint,
  namespace: string,
  labels: Selector | undefined,
  fields: FieldSelector | undefined,
): EndpointSelection {
  const { backing } = endpoint
  const strategy = backing.kind === 'stored' ? backing.resource.strategy : {}
  const requirements = fields?.requirements ?? []
  const common = requirements.filter(({ field }) => field.startsWith('metadata.'))
  const foreign = backing.kind === 'stored' && backing.prepare !== undefined && common.length < requirements.length
  if (!fields || !foreign) return select(strategy, namespace, labels, fields)
  return {
    ...select(strategy, namespace, labels, FieldSelector.of(common)),
    converted: (object) => fields.matches(selectable(strategy, object)),
  }
}

/** What of a page is meant: fewer objects than the page has, maybe. How many remain can't be told. */
export async function selectedPage(
  endpoint: Endpoint,
  page: Page,
  { converted }: EndpointSelection,
  { services, clock }: RequestContext,
): Promise<Page> {
  const { backing } = endpoint
  if (!converted || backing.kind !== 'stored' || !backing.prepare) return page
  const { objects } = services.registryOf(backing.resource)
  const stored = await preparedObjects(backing.prepare, objects, page.entries, clock)
  const { remainingItemCount: _, ...metadata } = page.metadata
  return {
    ...page,
    metadata,
    entries: page.entries.filter((_, index) => converted(backing.fromStorage(stored[index] as KubeObject))),
  }
}

/** What a change means to a watcher, once both states are converted; `undefined` when nothing. */
export function convertedType(
  type: ChangeType,
  change: Change,
  isMeant: (stored: KubeObject) => boolean,
): ChangeType | undefined {
  const { object, previous } = change
  const sees = type !== 'DELETED' && object !== undefined && isMeant(object)
  const saw = type !== 'ADDED' && previous !== undefined && isMeant(previous)
  if (sees) return saw ? 'MODIFIED' : 'ADDED'
  return saw ? 'DELETED' : undefined
}
