import { groupVersions } from '#api'

/** Group versions that earlier releases served and objects may still name, with their kinds. */
const former: { readonly [groupVersion: string]: readonly string[] } = {
  'apps/v1beta1': ['ControllerRevision', 'Deployment', 'Scale', 'StatefulSet'],
  'apps/v1beta2': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'Scale', 'StatefulSet'],
  'extensions/v1beta1': ['DaemonSet', 'Deployment', 'Ingress', 'NetworkPolicy', 'ReplicaSet', 'Scale'],
}

/** Whether a kind exists in the API at all, be it in another version than the one asked for. */
export function isKnownElsewhere({
  group,
  version,
  kind,
}: {
  readonly group: string
  readonly version: string
  readonly kind: string
}): boolean {
  if (former[`${group}/${version}`]?.includes(kind)) return true
  for (const data of groupVersions.values()) {
    if (data.group === group && data.version === version) return data.types[kind]?.kind === true
  }
  return false
}
