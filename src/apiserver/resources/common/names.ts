import { isDNS1123Label } from '#machinery'
import type { KubeObject } from '#machinery'

/** Names of pods are made of the object's name, and pods' names become host names. */
export function warningsForPodOwnerName({ metadata }: KubeObject): readonly string[] {
  const problems = isDNS1123Label(metadata.name ?? '')
  if (problems.length === 0) return []
  return [
    `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
  ]
}
