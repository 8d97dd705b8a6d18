import type { Resource } from '#api'
import type { Client, WriteOptions } from '#client'
import { isAlreadyExists, isConflict, isNotFound } from '#machinery'
import type { KubeObject } from '#machinery'

/** What has to be done so that an object is as it should be. */
export type Plan<T> =
  | { readonly action: 'create' | 'update' | 'recreate'; readonly object: T }
  | { readonly action: 'delete' | 'none' }

export interface EnsureOptions<T extends KubeObject> {
  readonly client: Client
  readonly resource: Resource<T>
  /** Compares what there is with what should be. Called again when someone else wrote in between. */
  plan(existing: T | undefined): Plan<T>
  /** The object as it is now. */
  read(): T | undefined
  readonly write?: WriteOptions
}

const attempts = 4

/**
 * Makes one object what it should be, and writes nothing when it is.
 * @throws StatusError when the server refuses for a reason other than a race
 */
export async function ensure<T extends KubeObject>(options: EnsureOptions<T>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const existing = options.read()
    const plan = options.plan(existing)
    if (plan.action === 'none') return
    try {
      await carryOut(plan, existing, options)
      return
    } catch (error) {
      const raced = isAlreadyExists(error) || isConflict(error) || isNotFound(error)
      if (!raced || attempt === attempts) throw error
    }
  }
}

async function carryOut<T extends KubeObject>(
  plan: Plan<T>,
  existing: T | undefined,
  { client, resource, write }: EnsureOptions<T>,
): Promise<void> {
  if (existing && (plan.action === 'delete' || plan.action === 'recreate')) {
    const { name = '', namespace, uid } = existing.metadata
    const preconditions = uid === undefined ? {} : { preconditions: { uid } }
    await client.delete(resource, { name, ...(namespace === undefined ? {} : { namespace }) }, preconditions)
  }
  if (plan.action === 'update') await client.update(resource, plan.object, write)
  if (plan.action === 'create' || plan.action === 'recreate') await client.create(resource, plan.object, write)
}
