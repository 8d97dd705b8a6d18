import { namespaces, serviceaccounts } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isAlreadyExists, isNamespaceTerminating } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const name = 'default'

function create({ informers, client, queue }: ControllerContext<ControllersOptions>): Controller {
  const namespaceInformer = informers.informer(namespaces)
  const accounts = informers.informer(serviceaccounts)
  return {
    watches: [
      watchEvents(namespaces, {
        added: ({ metadata }) => queue.add(metadata.name ?? ''),
        updated: (_, { metadata }) => queue.add(metadata.name ?? ''),
      }),
      watchEvents(serviceaccounts, { deleted: ({ metadata }) => queue.add(metadata.namespace ?? '') }),
    ],
    async reconcile(namespace) {
      if (namespaceInformer.lister.get({ name: namespace })?.status?.phase !== 'Active') return
      if (accounts.lister.get({ namespace, name })) return
      try {
        await client.create(serviceaccounts, { metadata: { name, namespace } })
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error
      }
    },
  }
}

/** Gives every namespace the service account `default`. */
export const serviceAccountController: ControllerDescriptor<ControllersOptions> = {
  name: 'serviceaccount-controller',
  aliases: ['serviceaccount'],
  serviceAccount: 'service-account-controller',
  inputs: [namespaces, serviceaccounts],
  outputs: [{ resource: serviceaccounts, ownership: 'shared' }],
  create,
}
