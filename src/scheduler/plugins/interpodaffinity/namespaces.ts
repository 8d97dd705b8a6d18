import { deepEqual } from '#base'
import { namespaces } from '#api/core/v1'
import type { InformerFactory } from '#client'

/** Labels of namespaces, which namespace selectors look at. */
export interface Namespaces {
  /** Moves when a label changed, or a namespace with labels came or went. */
  readonly generation: () => number
  labelsOf(namespace: string): { readonly [key: string]: string }
}

const noLabels: { readonly [key: string]: string } = {}

export function followNamespaces(informers: Pick<InformerFactory, 'informer'>): Namespaces {
  const informer = informers.informer(namespaces)
  let generation = 0
  const changed = (): void => void generation++
  informer.addHandler({
    added: changed,
    updated: (old, now) => {
      if (!deepEqual(old.metadata.labels, now.metadata.labels)) changed()
    },
    deleted: changed,
  })
  return {
    generation: () => generation,
    labelsOf: (namespace) => informer.lister.get({ name: namespace })?.metadata.labels ?? noLabels,
  }
}
