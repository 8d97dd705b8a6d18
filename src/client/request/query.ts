import type { DeletionOptions, ListOptions, WatchOptions, WriteOptions } from '../client.ts'

/** Writes a query: `&`-joined pairs without the question mark. */
class QueryText {
  text = ''

  add(name: string, value: string | number | boolean | undefined): void {
    if (value === undefined || value === '') return
    const pair = `${name}=${typeof value === 'string' ? encodeURIComponent(value) : String(value)}`
    this.text = this.text === '' ? pair : `${this.text}&${pair}`
  }
}

export function listQuery(options: ListOptions | undefined): string {
  if (!options) return ''
  const query = new QueryText()
  query.add('labelSelector', options.labelSelector)
  query.add('metricLabelSelector', options.metricLabelSelector)
  query.add('fieldSelector', options.fieldSelector)
  query.add('resourceVersion', options.resourceVersion)
  query.add('resourceVersionMatch', options.resourceVersionMatch)
  query.add('limit', options.limit === 0 ? undefined : options.limit)
  query.add('continue', options.continue)
  return query.text
}

export function watchQuery(options: WatchOptions | undefined): string {
  const query = new QueryText()
  query.add('watch', true)
  if (!options) return query.text
  query.add('labelSelector', options.labelSelector)
  query.add('fieldSelector', options.fieldSelector)
  query.add('resourceVersion', options.resourceVersion)
  query.add('resourceVersionMatch', options.resourceVersionMatch)
  query.add('allowWatchBookmarks', options.allowWatchBookmarks)
  query.add('sendInitialEvents', options.sendInitialEvents)
  query.add('timeoutSeconds', options.timeoutSeconds)
  return query.text
}

/** @param fieldManager the client's own, for writes that name none. */
export function writeQuery(
  options: (WriteOptions & { readonly force?: boolean }) | undefined,
  fieldManager = '',
): string {
  if (!options) return fieldManager === '' ? '' : `fieldManager=${encodeURIComponent(fieldManager)}`
  const query = new QueryText()
  query.add('dryRun', options.dryRun === true ? 'All' : undefined)
  query.add('fieldManager', options.fieldManager ?? fieldManager)
  query.add('fieldValidation', options.fieldValidation)
  query.add('force', options.force)
  return query.text
}

/** `DeleteOptions` as the body of a deletion, `undefined` when there is nothing to say. */
export function deletionBody(options: (DeletionOptions & ListOptions) | undefined): object | undefined {
  if (!options) return undefined
  const { gracePeriodSeconds, preconditions, orphanDependents, propagationPolicy, dryRun } = options
  const ignoreReadError = options.ignoreStoreReadErrorWithClusterBreakingPotential
  const body = {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(orphanDependents === undefined ? {} : { orphanDependents }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(dryRun === true ? { dryRun: ['All'] } : {}),
    ...(ignoreReadError === undefined ? {} : { ignoreStoreReadErrorWithClusterBreakingPotential: ignoreReadError }),
  }
  return Object.keys(body).length === 0 ? undefined : { kind: 'DeleteOptions', apiVersion: 'v1', ...body }
}
