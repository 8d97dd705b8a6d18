import { events, nodes, pods } from '#api/core/v1'
import type { Pod, PodSpec } from '#api/core/v1'
import { priorityclasses } from '#api/scheduling/v1'
import { shell } from './task.ts'
import type { Task } from './task.ts'

/** A pod that fits nowhere, one that fits when the node changes, one that another has to make room for. */
export const schedulingTask: Task = {
  name: 'scheduling',
  async run(desk) {
    const { client, namespace, nodeName } = desk
    const create = (name: string, spec: Partial<PodSpec>): Promise<Pod> =>
      client.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace, name },
        spec: { containers: [shell('exec sleep 3600')], terminationGracePeriodSeconds: 1, ...spec },
      })
    await create('picky', { nodeSelector: { [namespace]: 'yes' } })
    await desk.until(
      pods,
      'picky',
      (pod) => pod?.status?.conditions?.some(({ reason }) => reason === 'Unschedulable') ?? false,
    )
    await desk.eventually('an event that tells why', async () => {
      const why = (await desk.all(events)).find(({ reason }) => reason === 'FailedScheduling')
      return why?.message?.startsWith("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.")
    })
    await client.patch(
      nodes,
      { name: nodeName },
      { type: 'merge', patch: { metadata: { labels: { [namespace]: 'yes' } } } },
    )
    await desk.until(pods, 'picky', (pod) => pod?.status?.phase === 'Running')

    const node = await client.get(nodes, { name: nodeName })
    const cpu = Number(node.status?.allocatable?.['cpu'])
    const half = { ...shell('exec sleep 3600'), resources: { requests: { cpu: `${Math.floor(cpu * 600)}m` } } }
    await create('victim', { containers: [half] })
    await desk.until(pods, 'victim', (pod) => pod?.status?.phase === 'Running')
    const important = `${namespace}-important`
    await client.create(priorityclasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: important },
      value: 1000,
    })
    await create('preemptor', { containers: [half], priorityClassName: important })
    await desk.until(pods, 'victim', (pod) => pod === undefined)
    await desk.until(pods, 'preemptor', (pod) => pod?.status?.phase === 'Running')
    await client.delete(priorityclasses, { name: important })
    await client.patch(
      nodes,
      { name: nodeName },
      { type: 'merge', patch: { metadata: { labels: { [namespace]: null } } } },
    )
  },
}
