import { deepEqual } from '#base'
import { configmaps, secrets } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isConflict, isNotFound } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'
import { bootstrapScope, signingToken } from '../tokencleaner/tokens.ts'
import { detachedSignature } from './signature.ts'

const key = { namespace: 'kube-public', name: 'cluster-info' }
const scope = { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}` }
const prefix = 'jws-kubeconfig-'

function create({ informers, client, queue, clock }: ControllerContext<ControllersOptions>): Controller {
  const info = informers.informer(configmaps, scope)
  const tokens = informers.informer(secrets, bootstrapScope)
  const enqueue = (): void => queue.add(key.name)
  return {
    watches: [
      watchEvents(configmaps, { added: enqueue, updated: enqueue }, scope),
      watchEvents(secrets, { added: enqueue, updated: enqueue, deleted: enqueue }, bootstrapScope),
    ],
    async reconcile() {
      const current = info.lister.get(key)
      const content = current?.data?.['kubeconfig']
      if (!current || content === undefined) return
      const data = Object.fromEntries(Object.entries(current.data ?? {}).filter(([name]) => !name.startsWith(prefix)))
      for (const secret of tokens.lister.list(bootstrapScope.namespace)) {
        const token = signingToken(secret, clock.now())
        if (token) data[prefix + token.id] ??= detachedSignature(content, token.id, token.secret)
      }
      if (deepEqual(data, current.data)) return
      try {
        await client.update(configmaps, { ...current, data })
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error)) throw error
      }
    },
  }
}

/** Signs what is public about the cluster by the bootstrap tokens, so that who has one can trust it. */
export const bootstrapSignerController: ControllerDescriptor<ControllersOptions> = {
  name: 'bootstrap-signer-controller',
  aliases: ['bootstrapsigner'],
  serviceAccount: 'bootstrap-signer',
  defaultOn: false,
  inputs: [configmaps, secrets],
  outputs: [{ resource: configmaps, ownership: 'shared' }],
  create,
}
