import type { FieldSelector, KubeObject, Selector } from '#machinery'
import type { Strategy } from '../resource/strategy.ts'

/** Which objects of a resource a request is about. */
export interface Selection {
  /** Empty: all. */
  readonly namespace: string
  /** The one name that can match, if the selectors leave just one. */
  readonly name?: string
  /** `undefined`: every object of the namespace matches. */
  readonly matches?: (object: KubeObject) => boolean
  /** A field that must have one value, for the hub's index: label to value. */
  readonly exact?: { readonly label: string; readonly value: string }
}

/** Fields that watches are filed under, because many watchers each want one value: the pods of a node. */
const indexedField = 'spec.nodeName'

/** Puts selectors together. `name` is that of a path that names one object. */
export function select(
  strategy: Strategy,
  namespace: string,
  labels: Selector | undefined,
  fields: FieldSelector | undefined,
): Selection {
  const wantsLabels = labels !== undefined && !labels.isEmpty()
  const wantsFields = fields !== undefined && !fields.isEmpty()
  if (!wantsLabels && !wantsFields) return { namespace }
  const name = fields?.exactValue('metadata.name')
  const node = fields?.exactValue(indexedField)
  const fieldNamespace = fields?.exactValue('metadata.namespace')
  return {
    namespace: namespace === '' && fieldNamespace !== undefined ? fieldNamespace : namespace,
    ...(name === undefined ? {} : { name }),
    ...(node === undefined ? {} : { exact: { label: indexedField, value: node } }),
    matches: (object) =>
      (!wantsLabels || labels.matches(object.metadata.labels)) &&
      (!wantsFields || fields.matches(selectable(strategy, object))),
  }
}

/** Labels of field selectors to values, for one object. */
export function selectable(strategy: Strategy, object: KubeObject): { readonly [label: string]: string } {
  const { name = '', namespace = '' } = object.metadata
  return { 'metadata.name': name, 'metadata.namespace': namespace, ...strategy.fields?.(object) }
}
