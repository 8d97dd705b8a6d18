import { secrets } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isConflict, isNotFound, keyOf, parseKey } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'
import { bootstrapScope, expiryOf } from './tokens.ts'

function create({ informers, client, queue, clock }: ControllerContext<ControllersOptions>): Controller {
  const informer = informers.informer(secrets, bootstrapScope)
  return {
    watches: [
      watchEvents(
        secrets,
        { added: (secret) => queue.add(keyOf(secret)), updated: (_, secret) => queue.add(keyOf(secret)) },
        bootstrapScope,
      ),
    ],
    async reconcile(key) {
      const secret = informer.lister.getByKey(key)
      const expiry = secret && expiryOf(secret)
      if (!secret || expiry === undefined) return
      const left = expiry - clock.now()
      if (left > 0) return { requeueAfterMs: left }
      try {
        await client.delete(secrets, parseKey(key), { preconditions: { uid: secret.metadata.uid ?? '' } })
      } catch (error) {
        if (!isNotFound(error) && !isConflict(error)) throw error
      }
    },
  }
}

/** Deletes bootstrap tokens that have expired. */
export const tokenCleanerController: ControllerDescriptor<ControllersOptions> = {
  name: 'token-cleaner-controller',
  aliases: ['tokencleaner'],
  serviceAccount: 'token-cleaner',
  defaultOn: false,
  inputs: [secrets],
  outputs: [{ resource: secrets, ownership: 'shared' }],
  create,
}
