import { deepEqual } from '#base'
import { replicasets, statefulsets } from '#api/apps/v1'
import { replicationcontrollers, services } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { EventHandler, InformerFactory } from '#client'
import { selectorOf, selectorOfLabels } from '#machinery'
import type { Selector } from '#machinery'

/** Finds what belongs together with a pod that says nothing of it: through its Services and its controller. */
export interface DefaultSelectors {
  /** Moves when an answer may have changed. */
  readonly generation: () => number
  selectorFor(pod: Pod): Selector
}

export function createDefaultSelectors(informers: Pick<InformerFactory, 'informer'>): DefaultSelectors {
  let generation = 0
  const changed = (): void => void generation++
  const handler = { added: changed, updated: changed, deleted: changed }
  const serviceInformer = informers.informer(services)
  const controllers = informers.informer(replicationcontrollers)
  const sets = informers.informer(replicasets)
  const stateful = informers.informer(statefulsets)
  serviceInformer.addHandler(handler)
  controllers.addHandler(ofSelectors(changed))
  sets.addHandler(ofSelectors(changed))
  stateful.addHandler(ofSelectors(changed))

  return {
    generation: () => generation,
    selectorFor(pod) {
      const { namespace = '', labels = {}, ownerReferences } = pod.metadata
      let merged: { readonly [key: string]: string } = {}
      for (const { spec } of serviceInformer.lister.list(namespace)) {
        const selector = spec?.selector
        if (!selector || Object.keys(selector).some((key) => labels[key] !== selector[key])) continue
        merged = { ...merged, ...selector }
      }
      const ofServices = selectorOfLabels(merged)
      const owner = ownerReferences?.find(({ controller }) => controller === true)
      if (!owner) return ofServices
      const key = { namespace, name: owner.name }
      switch (`${owner.apiVersion}/${owner.kind}`) {
        case 'v1/ReplicationController': {
          const found = controllers.lister.get(key)
          return found ? selectorOfLabels({ ...merged, ...found.spec?.selector }) : ofServices
        }
        case 'apps/v1/ReplicaSet':
          return added(ofServices, sets.lister.get(key)?.spec?.selector)
        case 'apps/v1/StatefulSet':
          return added(ofServices, stateful.lister.get(key)?.spec?.selector)
        default:
          return ofServices
      }
    },
  }
}

/** Controllers change all the time, their selectors hardly ever. */
function ofSelectors<T extends { readonly spec?: { readonly selector?: unknown } }>(
  changed: () => void,
): EventHandler<T> {
  return {
    added: changed,
    updated: (old, now) => {
      if (!deepEqual(old.spec?.selector, now.spec?.selector)) changed()
    },
    deleted: changed,
  }
}

function added(selector: Selector, more: Parameters<typeof selectorOf>[0]): Selector {
  return more ? selector.with(selectorOf(more).requirements) : selector
}
