import { expect, test } from 'vitest'
import { groupVersions } from '../src/api/groups/registry.ts'
import { linkTypes } from '../src/api/schema/link.ts'
import { factsOf, factsOfResource } from './field-facts.ts'

const types = linkTypes(groupVersions)

function facts(type: string, name: string): string | undefined {
  const struct = types.get(type)
  if (struct?.kind !== 'struct') throw new Error(`${type} is no struct`)
  const field = struct.byName.get(name)
  if (!field) throw new Error(`${type} has no field ${name}`)
  return factsOf(field, struct)
}

test.each([
  ['apps/v1.DaemonSetSpec', 'minReadySeconds', 'Whole number (int32).'],
  ['core/v1.ResourceRequirements', 'limits', 'Quantity: `500m`, `1Gi`.'],
  ['core/v1.ContainerPort', 'protocol', 'Default: `"TCP"`.'],
  ['core/v1.Container', 'ports', 'One item for each `containerPort` and `protocol`.'],
  ['meta/v1.ObjectMeta', 'finalizers', 'No item stands twice.'],
  [
    'resource/v1.ResourceSliceSpec',
    'nodeSelector',
    'Exactly one of `nodeName`, `nodeSelector`, `allNodes` and `perDeviceNodeSelection` is set.',
  ],
  ['core/v1.PodSpec', 'nodeName', undefined],
])('factsOf() tells of %s.%s', (type, field, told) => {
  expect(facts(type, field)).toBe(told)
})

test('factsOfResource() tells where objects are, short names and subresources', () => {
  const { resources } = groupVersions.get('apps/v1')!
  expect(factsOfResource(resources['deployments']!)).toBe(
    'Deployment, in namespaces. Short: `deploy`. Subresources: `scale` and `status`.',
  )
})
