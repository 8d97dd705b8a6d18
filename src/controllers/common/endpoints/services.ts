import { pods, services } from '#api/core/v1'
import type { Pod, Service } from '#api/core/v1'
import type { ControllerContext, Informer, Watch } from '#client'
import { keyOf } from '#machinery'
import { watchEvents } from '../meta/watch.ts'
import { podInformer } from '../pods/owned.ts'
import { endpointChange } from './pods.ts'

const bySelector = 'selector'

/** Each Service is filed under one label of its selector: a pod then finds those that may select it by its own labels. */
function selectorValue({ metadata, spec }: Service): string | undefined {
  for (const key in spec.selector) return labelValue(metadata.namespace, key, spec.selector[key])
  return undefined
}

function labelValue(namespace: string | undefined, key: string, value: string | undefined): string {
  return `${namespace ?? ''}/${key}=${value ?? ''}`
}

/** The shared informer of Services, which finds them by the labels that they select. */
export function serviceInformer(informers: ControllerContext['informers']): Informer<Service> {
  const informer = informers.informer(services)
  informer.addIndexer(bySelector, selectorValue)
  return informer
}

const byLabels = 'labels'

const labelValues = ({ metadata: { namespace, labels = {} } }: Pod): string[] =>
  Object.entries(labels).map(([key, value]) => labelValue(namespace, key, value))

/** The shared informer of pods, which finds them by their labels too. */
export function labelledPodInformer(informers: ControllerContext['informers']): Informer<Pod> {
  const informer = podInformer(informers)
  informer.addIndexer(byLabels, labelValues)
  return informer
}

/** Keys of the Services that select a pod. */
function servicesOf(informer: Informer<Service>, { metadata }: Pod): Set<string> {
  const keys = new Set<string>()
  const { labels = {}, namespace } = metadata
  for (const [key, value] of Object.entries(labels)) {
    for (const service of informer.lister.byIndex(bySelector, labelValue(namespace, key, value))) {
      if (selects(service, labels)) keys.add(keyOf(service))
    }
  }
  return keys
}

type Labels = { readonly [key: string]: string }

function selects({ spec }: Service, labels: Labels): boolean {
  for (const [key, value] of Object.entries(spec.selector ?? {})) if (labels[key] !== value) return false
  return true
}

/** Pods that a Service with a selector selects, among those of {@link labelledPodInformer}: it does not look at others. */
export function* podsOf(informer: Informer<Pod>, service: Service): Generator<Pod, void> {
  const value = selectorValue(service)
  if (value === undefined) return
  for (const pod of informer.lister.byIndex(byLabels, value)) {
    if (selects(service, pod.metadata.labels ?? {})) yield pod
  }
}

/** Services that select no pods have their endpoints from elsewhere, and those of type ExternalName have none. */
export function hasOwnEndpoints({ spec }: Service): boolean {
  if (spec.type === 'ExternalName') return false
  for (const _ in spec.selector) return true
  return false
}

/** Keys of Services whose endpoints a change of a pod may change. */
export function watchPodsOfServices(informer: Informer<Service>, enqueue: (key: string) => void): Watch {
  const enqueueAll = (pod: Pod): void => {
    for (const key of servicesOf(informer, pod)) enqueue(key)
  }
  return watchEvents(pods, {
    added: enqueueAll,
    updated(old, pod) {
      if (old.metadata.resourceVersion === pod.metadata.resourceVersion) return
      const { state, labels } = endpointChange(old, pod)
      if (!labels) {
        if (state) enqueueAll(pod)
        return
      }
      const before = servicesOf(informer, old)
      const after = servicesOf(informer, pod)
      for (const key of after) if (state || !before.has(key)) enqueue(key)
      for (const key of before) if (!after.has(key)) enqueue(key)
    },
    deleted: enqueueAll,
  })
}
