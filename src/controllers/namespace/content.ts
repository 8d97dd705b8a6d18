import { messageOf } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Resource } from '#api'
import type { Client, DiscoveredResource } from '#client'
import { isNotFound } from '#machinery'
import type { KubeObject } from '#machinery'
import { isMethodNotAllowed } from '../common/meta/errors.ts'
import { isPodTerminal } from '../common/pods/state.ts'

/** Seconds that finalizers are given. */
const finalizerSeconds = 15

/** What is left of one resource. */
export interface Remains {
  readonly count: number
  /** Objects by finalizer. */
  readonly finalizers: ReadonlyMap<string, number>
  /** Seconds until the rest may be gone. */
  readonly estimate: number
  readonly error?: string
}

const nothing: Remains = { count: 0, finalizers: new Map(), estimate: 0 }

/** Deletes all objects of a resource in a namespace. @param sinceMs how long the namespace is being deleted. */
export async function deleteResource(
  client: Client,
  { resource, verbs }: Pick<DiscoveredResource, 'resource' | 'verbs'>,
  namespace: string,
  sinceMs: number,
): Promise<Remains> {
  const isPods = resource.group === '' && resource.plural === 'pods'
  const list = async (): Promise<readonly KubeObject[] | undefined> => {
    if (!verbs.includes('list')) return undefined
    return unsupportedAsNone(async () => (await client.list<KubeObject>(resource, { namespace })).items)
  }
  let estimate = 0
  try {
    const before = await list()
    // Nothing new comes into a namespace that is being deleted.
    if (before?.length === 0) return nothing
    if (isPods) estimate = graceOf((before ?? []) as readonly Pod[], sinceMs)
    await deleteAll(client, resource, verbs, namespace, before ?? [])
    const left = await list()
    if (!left) return { ...nothing, estimate }
    if (left.length === 0) return nothing
    const finalizers = new Map<string, number>()
    for (const { metadata } of left) {
      for (const each of metadata.finalizers ?? []) finalizers.set(each, (finalizers.get(each) ?? 0) + 1)
    }
    const remains = { count: left.length, finalizers }
    if (estimate !== 0) return { ...remains, estimate }
    if (finalizers.size > 0) return { ...remains, estimate: finalizerSeconds }
    const gvr = `${resource.group}/${resource.version}, Resource=${resource.plural}`
    return { ...remains, estimate, error: `unexpected items still remain in namespace: ${namespace} for gvr: ${gvr}` }
  } catch (error) {
    return { ...nothing, estimate, error: messageOf(error) }
  }
}

async function deleteAll(
  client: Client,
  resource: Resource<KubeObject>,
  verbs: readonly string[],
  namespace: string,
  objects: readonly KubeObject[],
): Promise<void> {
  const options = { propagationPolicy: 'Background' }
  if (verbs.includes('deletecollection')) {
    const done = await unsupportedAsNone(async () => {
      await client.deleteCollection(resource, { namespace }, options)
      return true
    })
    if (done) return
  }
  for (const { metadata } of objects) {
    await unsupportedAsNone(() => client.delete(resource, { namespace, name: metadata.name ?? '' }, options))
  }
}

/** Resources may go while one looks at them. */
async function unsupportedAsNone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (isNotFound(error) || isMethodNotAllowed(error)) return undefined
    throw error
  }
}

/** Seconds that the pods may take to end; 0 when the namespace has waited that long already. */
function graceOf(items: readonly Pod[], sinceMs: number): number {
  let seconds = 0
  for (const pod of items) {
    if (!isPodTerminal(pod)) seconds = Math.max(seconds, pod.spec.terminationGracePeriodSeconds ?? 0)
  }
  return sinceMs >= seconds * 1000 ? 0 : seconds
}

export const isPodResource = ({ resource }: DiscoveredResource): boolean =>
  resource.group === '' && resource.plural === pods.plural
