import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { ControllerContext, Informer } from '#client'
import { indexByController } from '../meta/owned.ts'

const byNode = 'spec.nodeName'

const nodeValue = (pod: Pod): string | undefined => pod.spec?.nodeName || undefined

/** The shared informer of pods, which finds them by their controller and by their node. */
export function podInformer(informers: ControllerContext['informers']): Informer<Pod> {
  const informer = indexByController(informers.informer(pods))
  informer.addIndexer(byNode, nodeValue)
  return informer
}

/** Pods that are bound to the node. */
export function podsOnNode(informer: Informer<Pod>, node: string): Iterable<Pod> {
  return informer.lister.byIndex(byNode, node)
}
