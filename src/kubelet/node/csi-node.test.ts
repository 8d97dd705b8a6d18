import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import { csinodes } from '#api/storage/v1'
import type { CSINode } from '#api/storage/v1'
import { simulatedHost } from '../simulated/host.ts'
import type { Machine } from '../seams/node-facts.ts'
import { ApiDouble } from '../testing/api-double.ts'
import { TestNode } from '../testing/node.ts'

const name = 'node-1'
const migrated =
  'kubernetes.io/aws-ebs,kubernetes.io/azure-disk,kubernetes.io/azure-file,kubernetes.io/cinder,kubernetes.io/gce-pd,kubernetes.io/portworx-volume,kubernetes.io/vsphere-volume'

const left = (metadata: CSINode['metadata'], drivers: CSINode['spec']['drivers'] = []): CSINode => ({
  metadata: { name, ...metadata },
  spec: { drivers },
})

test('a node has a CSINode that goes with it and says which volumes drivers serve', async () => {
  const node = new TestNode()
  await node.settle()
  const uid = node.api.peek(nodes, { name })?.metadata.uid
  const made = node.api.peek(csinodes, { name })
  expect(made?.metadata).toMatchObject({
    annotations: { 'storage.alpha.kubernetes.io/migrated-plugins': migrated },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
  })
  expect(made?.spec).toEqual({ drivers: [] })
  await node.stop()
})

test('the CSINode of a node that was known before keeps its drivers', async () => {
  const first = new TestNode()
  await first.settle()
  await first.stop()
  const known = await first.api.get(csinodes, { name })
  const drivers = [{ name: 'csi.example.org', nodeID: 'x', topologyKeys: [] }]
  const { annotations: _, ...metadata } = known.metadata
  await first.api.update(csinodes, {
    ...known,
    metadata: { ...metadata, annotations: { mine: 'kept' } },
    spec: { drivers },
  })
  const next = new TestNode({}, first)
  await next.settle()
  const now = next.api.peek(csinodes, { name })
  expect(now?.spec.drivers).toEqual(drivers)
  expect(now?.metadata.annotations).toEqual({ mine: 'kept', 'storage.alpha.kubernetes.io/migrated-plugins': migrated })
  await next.stop()
})

test('what a former node of the name has left is replaced, and the node is not ready meanwhile', async () => {
  const api = new ApiDouble()
  await api.create(csinodes, left({ ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: 'former' }] }))
  const node = new TestNode({}, { api })
  await node.settle()
  const ready = (): string => {
    const conditions = node.api.peek(nodes, { name })?.status?.conditions ?? []
    const { status, message } = conditions.find(({ type }) => type === 'Ready') ?? {}
    return `${status} ${message}`
  }
  const uid = node.api.peek(nodes, { name })?.metadata.uid
  expect(ready()).toBe(
    `False failed to initialize CSINode: CSINode "node-1" was owned by different node (oldNodeID="former", newNodeID="${uid}"), deleted it`,
  )
  await node.clock.advance(200)
  await node.settle()
  expect(ready()).toMatch(/^True /)
  expect(node.api.peek(csinodes, { name })?.metadata.ownerReferences?.[0]?.uid).toBe(uid)
  await node.stop()
})

const { facts } = simulatedHost({ nodeName: name, addresses: [] })

test.for([
  [{ cgroupVersion: 1 }, ['CgroupV1']],
  [{ swapBytes: 1, kernelVersion: '6.3.9-generic' }, ['PossibleMemoryBackedVolumesOnDisk']],
  [{ swapBytes: 1, kernelVersion: '6.4.0' }, []],
  [{ swapBytes: 0, kernelVersion: '5.15.0' }, []],
] as const satisfies readonly [Partial<Machine>, readonly string[]][])(
  'people are told of %j when the agent starts',
  async ([given, reasons]) => {
    const machine: Machine = { ...(await facts.machine()), ...given }
    const node = new TestNode({ machine })
    await node.settle()
    const warnings = node.events.filter((event) => event.startsWith('Warning ')).map((event) => event.split(' ')[1])
    expect(warnings).toEqual(reasons)
    await node.stop()
  },
)

test('an agent that is not to run where there is cgroup v1 does not', async () => {
  const machine: Machine = { ...(await facts.machine()), cgroupVersion: 1 }
  const node = new TestNode({ machine, config: { failCgroupV1: true } })
  await node.settle()
  await expect(node.stop()).rejects.toThrow(
    'kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is unsupported and will be removed in a future release',
  )
})
