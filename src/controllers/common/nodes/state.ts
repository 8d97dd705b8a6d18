import type { Node } from '#api/core/v1'

/** The failure zone of a node: region and zone; empty when it tells neither. */
export function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`
}
