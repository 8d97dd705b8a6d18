import { bool, dyn, int, listType, mapType, string, timestamp } from './types/types.ts'
import type { CelType } from './types/types.ts'

/** An object type of which only the given fields can be asked for. */
function objectType(name: string, fields: { readonly [field: string]: CelType }): CelType {
  const known = new Map(Object.entries(fields))
  return { kind: 'object', name, field: (field) => known.get(field) }
}

const strings = listType(string)
const labels = mapType(string, string)

const namespace = objectType('kubernetes.Namespace', {
  metadata: objectType('kubernetes.NamespaceMetadata', {
    name: string,
    generateName: string,
    namespace: string,
    labels,
    annotations: labels,
    UID: string,
    creationTimestamp: timestamp,
    deletionGracePeriodSeconds: int,
    deletionTimestamp: timestamp,
    generation: int,
    resourceVersion: string,
    finalizers: strings,
  }),
  spec: objectType('kubernetes.NamespaceSpec', { finalizers: strings }),
  status: objectType('kubernetes.NamespaceStatus', {
    phase: string,
    conditions: listType(
      objectType('kubernetes.NamespaceCondition', {
        status: string,
        type: string,
        lastTransitionTime: timestamp,
        message: string,
        reason: string,
      }),
    ),
  }),
})

const groupVersionKind = objectType('kubernetes.GroupVersionKind', { group: string, version: string, kind: string })
const groupVersionResource = objectType('kubernetes.GroupVersionResource', {
  group: string,
  version: string,
  resource: string,
})

const request = objectType('kubernetes.AdmissionRequest', {
  kind: groupVersionKind,
  resource: groupVersionResource,
  subResource: string,
  requestKind: groupVersionKind,
  requestResource: groupVersionResource,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo: objectType('kubernetes.UserInfo', {
    username: string,
    uid: string,
    groups: strings,
    extra: mapType(string, strings),
  }),
  dryRun: bool,
  options: dyn,
})

/** Types of what expressions of admission know of a request besides its objects. */
export const requestVariables: readonly (readonly [string, CelType])[] = [
  ['namespaceObject', namespace],
  ['request', request],
]
