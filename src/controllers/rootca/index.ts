import { deepEqual } from '#base'
import { configmaps, namespaces } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isNamespaceTerminating, isNotFound } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const name = 'kube-root-ca.crt'
const descriptionAnnotation = 'kubernetes.io/description'
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ' +
  'No other usage is guaranteed across distributions of Kubernetes clusters.'

function create({ informers, client, queue, options }: ControllerContext<ControllersOptions>): Controller {
  // Without an authority pods find an empty one: those that wait for the ConfigMap can start.
  const { rootCA = '' } = options
  const data = { 'ca.crt': rootCA }
  // One name of all namespaces: nothing else is kept.
  const scope = { fieldSelector: `metadata.name=${name}` }
  const published = informers.informer(configmaps, scope)
  const enqueue = ({ metadata }: ConfigMap): void => queue.add(metadata.namespace ?? '')
  return {
    watches: [
      watchEvents(namespaces, {
        added: ({ metadata }) => queue.add(metadata.name ?? ''),
        updated: (_, { metadata, status }) => {
          if (status?.phase === 'Active') queue.add(metadata.name ?? '')
        },
      }),
      watchEvents(configmaps, { updated: (_, configMap) => enqueue(configMap), deleted: enqueue }, scope),
    ],
    async reconcile(namespace) {
      const current = published.lister.get({ namespace, name })
      const annotations = { ...current?.metadata.annotations, [descriptionAnnotation]: description }
      if (!current) {
        try {
          await client.create(configmaps, { metadata: { name, namespace, annotations }, data })
        } catch (error) {
          if (!isNotFound(error) && !isNamespaceTerminating(error)) throw error
        }
        return
      }
      if (deepEqual(current.data, data) && current.metadata.annotations?.[descriptionAnnotation]) return
      await client.update(configmaps, { ...current, metadata: { ...current.metadata, annotations }, data })
    },
  }
}

/** Puts the CA of the API server into every namespace. */
export const rootCaPublisherController: ControllerDescriptor<ControllersOptions> = {
  name: 'root-ca-certificate-publisher-controller',
  aliases: ['root-ca-cert-publisher'],
  serviceAccount: 'root-ca-cert-publisher',
  inputs: [namespaces, configmaps],
  outputs: [{ resource: configmaps, ownership: 'shared' }],
  create,
}
