import type { Resource } from '#api'
import { isExpired } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Client, ListOptions, ObjectList, Scope } from './client.ts'

/** Objects per page where the caller does not say. */
const pageSize = 500

/**
 * A large list, page by page; `limit` is the size of a page. All pages show the revision of the first.
 *
 * @throws StatusError `Expired` when reading takes so long that the server no longer keeps that revision.
 */
export async function* listPages<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  scope: Scope = {},
  options: ListOptions = {},
): AsyncGenerator<ObjectList<T>, void> {
  let next: ListOptions = { ...options, limit: options.limit ?? pageSize }
  for (;;) {
    const page = await client.list(resource, scope, next)
    yield page
    const token = page.metadata.continue
    if (!token) return
    next = continued(next, token)
  }
}

export interface PagedList<T> extends ObjectList<T> {
  /** More than one page was read. */
  readonly paged: boolean
}

/**
 * A whole list, read in pages so that the server never holds all of it at once; `limit` is the size of a page, 0 asks
 * for everything in one. When the revision of the first page is gone before the last was read, the list is read again in
 * one piece.
 */
export async function listAll<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  scope: Scope = {},
  options: ListOptions = {},
): Promise<PagedList<T>> {
  let next: ListOptions = { ...options, limit: options.limit ?? pageSize }
  let items: T[] | undefined
  let resourceVersion: string | undefined
  for (;;) {
    let page: ObjectList<T>
    try {
      page = await client.list(resource, scope, next)
    } catch (error) {
      if (!next.continue || !isExpired(error)) throw error
      const { limit: _, continue: __, ...whole } = { ...options, limit: 0 }
      return { ...(await client.list(resource, scope, whole)), paged: true }
    }
    const token = page.metadata.continue
    if (!token && !items) return { ...page, paged: false }
    items ??= []
    resourceVersion ??= page.metadata.resourceVersion
    for (const item of page.items) items.push(item)
    if (!token) {
      return { metadata: resourceVersion === undefined ? {} : { resourceVersion }, items, paged: true }
    }
    next = continued(next, token)
  }
}

/** The token says which revision to read, so a page after the first may not. */
function continued(options: ListOptions, token: string): ListOptions {
  const { resourceVersion: _, resourceVersionMatch: __, ...rest } = options
  return { ...rest, continue: token }
}
