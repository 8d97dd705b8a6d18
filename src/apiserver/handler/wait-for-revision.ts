import type { Registry } from '../registry/registry.ts'
import { parseResourceVersion, tooLargeResourceVersion } from './resource-version.ts'

/** Of every resource but events, clients are answered from what is kept of it; reads of events are less friendly. */
export function isKept({ groupResource: { group, resource } }: Registry): boolean {
  return resource !== 'events' || !['', 'events.k8s.io'].includes(group)
}

/** When clients may try again to read what is not there yet, in seconds. */
export function retryAfter(registry: Registry): number | undefined {
  return isKept(registry) ? 1 : undefined
}

/**
 * Reads are never older than the revision that was asked for; "0" takes what there is, none takes the newest.
 * `undefined`: there is nothing to wait for.
 */
export function waitForRevision(
  registry: Registry,
  resourceVersion: string | undefined,
  retryAfterSeconds: number | undefined = retryAfter(registry),
): Promise<void> | undefined {
  const { store, record } = registry.objects
  if (resourceVersion === undefined) return store.alwaysFresh ? undefined : store.fresh()
  const wanted = parseResourceVersion(resourceVersion)
  if (store.snapshot().revision < wanted) return reachRevision(registry, resourceVersion, retryAfterSeconds)
  if (wanted > 0) record?.waited(0)
  return undefined
}

async function reachRevision(
  { objects: { store, record } }: Registry,
  wanted: string,
  retryAfterSeconds: number | undefined,
): Promise<void> {
  await (record ? record.waiting(() => store.fresh()) : store.fresh())
  const { revision } = store.snapshot()
  if (revision < Number(wanted)) throw tooLargeResourceVersion(BigInt(wanted), revision, retryAfterSeconds)
}
