import type { Node, Pod, PodSpec } from '#api/core/v1'
import { deepEqual } from '#base'
import { quote } from '#machinery'
import type { Services } from '../../services.ts'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout, oldOf, refused } from '../refusal.ts'

/** What pods need of the agent of their node so that it can change them, in the order in which it is told of (KEP-5328). */
const needs: readonly (readonly [feature: string, needed: (before: PodSpec, after: PodSpec) => boolean])[] = [
  ['InPlacePodLevelResourcesVerticalScaling', (before, after) => !deepEqual(before.resources, after.resources)],
  ['InPlacePodVerticalScalingInitContainers', resizesInitContainers],
]

/** A pod on a node is changed only in ways that the node declares to know. */
export function nodeDeclaredFeatureValidator({ peek }: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['UPDATE'],
    validate(attributes) {
      if (!isAbout(attributes, '', 'pods') && !isAbout(attributes, '', 'pods', 'resize')) return
      const pod = draftOf<Pod>(attributes) as Pod
      const old = oldOf<Pod>(attributes)
      const { nodeName = '' } = pod.spec
      if (nodeName === '' || !old || pod.metadata.generation === old.metadata.generation) return
      const needed = needs.filter(([, isNeeded]) => isNeeded(old.spec, pod.spec)).map(([feature]) => feature)
      if (needed.length === 0) return
      const node = peek<Node>('', 'nodes', '', nodeName)
      if (!node) throw refused(attributes, `node ${quote(nodeName)} not found`)
      const lacking = needed.filter((feature) => !node.status?.declaredFeatures?.includes(feature))
      if (lacking.length === 0) return
      const which = lacking.join(', ')
      throw refused(
        attributes,
        `pod update requires features ${which} which are not available on node ${quote(nodeName)}`,
      )
    },
  }
}

/** Sidecars, which go on running, can be resized wherever containers can. */
function resizesInitContainers(before: PodSpec, after: PodSpec): boolean {
  return (before.initContainers ?? []).some(
    ({ restartPolicy, resources }, index) =>
      restartPolicy !== 'Always' && !deepEqual(resources ?? {}, after.initContainers?.[index]?.resources ?? {}),
  )
}
