import type { Pod } from '#api/core/v1'
import type { SelectableFields } from '../../../resource/strategy.ts'

/** What field selectors can ask of a pod. */
export function podFields({ spec, status }: Pod): SelectableFields {
  const node = spec?.nodeName ?? ''
  return {
    'spec.nodeName': node,
    // The name it had before.
    'spec.host': node,
    'spec.restartPolicy': spec?.restartPolicy ?? '',
    'spec.schedulerName': spec?.schedulerName ?? '',
    'spec.serviceAccountName': spec?.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec?.hostNetwork ?? false),
    'status.phase': status?.phase ?? '',
    'status.podIP': status?.podIPs?.[0]?.ip ?? '',
    'status.nominatedNodeName': status?.nominatedNodeName ?? '',
  }
}
