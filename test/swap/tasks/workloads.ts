import { daemonsets, statefulsets } from '#api/apps/v1'
import { cronjobs, jobs } from '#api/batch/v1'
import { persistentvolumeclaims, pods, services } from '#api/core/v1'
import { expect, shell, template, webServer } from './task.ts'
import type { Task } from './task.ts'

/** A Job with an index for each pod, of which one fails once; and a CronJob that is told to run. */
export const jobTask: Task = {
  name: 'job',
  async run(desk) {
    const { client, namespace } = desk
    await client.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { namespace, name: 'count' },
      spec: {
        completions: 3,
        parallelism: 2,
        completionMode: 'Indexed',
        backoffLimitPerIndex: 1,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [shell('test $JOB_COMPLETION_INDEX != 1 || exit 3')],
          },
        },
      },
    })
    const failed = await desk.until(
      jobs,
      'count',
      (job) => job?.status?.failedIndexes === '1' && job.status.succeeded === 2,
    )
    expect(failed?.status?.completedIndexes === '0,2', 'completed indexes 0,2')
    await desk.until(jobs, 'count', (job) => job?.status?.conditions?.some(({ type }) => type === 'Failed') ?? false)
    await client.create(cronjobs, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { namespace, name: 'often' },
      spec: {
        schedule: '* * * * *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [shell('true')] } } },
        },
      },
    })
    await desk.until(cronjobs, 'often', (job) => job?.status?.lastSuccessfulTime !== undefined)
  },
}

/** Names and volumes stay with the slots of a StatefulSet. */
export const statefulSetTask: Task = {
  name: 'statefulset',
  async run(desk) {
    const { client, namespace } = desk
    const name = 'db'
    const metadata = { namespace, name }
    await client.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { clusterIP: 'None', selector: { app: name }, ports: [{ port: 80 }] },
    })
    await client.create(statefulsets, {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        serviceName: name,
        replicas: 2,
        selector: { matchLabels: { app: name } },
        template: template(name, webServer),
      },
    })
    const ready = (count: number): Promise<unknown> =>
      desk.until(statefulsets, name, (set) => {
        const status = set?.status
        return (
          status?.readyReplicas === count &&
          status.replicas === count &&
          status.currentRevision === status.updateRevision
        )
      })
    await ready(2)
    const [first, second] = await Promise.all(['db-0', 'db-1'].map((pod) => client.get(pods, desk.key(pod))))
    const begin = (time: string | undefined): number => Date.parse(time ?? '')
    expect(begin(first?.metadata.creationTimestamp) <= begin(second?.metadata.creationTimestamp), 'db-0 before db-1')
    await client.delete(pods, desk.key('db-0'))
    await desk.until(pods, 'db-0', (pod) => pod !== undefined && pod.metadata.uid !== first?.metadata.uid)
    await ready(2)
    const patch = { spec: { template: { metadata: { annotations: { round: '2' } } } } }
    await client.patch(statefulsets, desk.key(name), { type: 'merge', patch })
    await desk.until(pods, 'db-0', (pod) => pod?.metadata.annotations?.['round'] === '2')
    await ready(2)
    await client.patch(statefulsets, desk.key(name), { type: 'merge', patch: { spec: { replicas: 0 } } })
    await desk.until(pods, 'db-0', (pod) => pod === undefined)
    expect((await desk.all(persistentvolumeclaims)).length === 0, 'no claims')
  },
}

/** A DaemonSet on every node, updated. */
export const daemonSetTask: Task = {
  name: 'daemonset',
  async run(desk) {
    const { client, namespace } = desk
    const name = 'agent'
    await client.create(daemonsets, {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { namespace, name },
      spec: { selector: { matchLabels: { app: name } }, template: template(name, webServer) },
    })
    const done = (): Promise<unknown> =>
      desk.until(daemonsets, name, (set) => {
        const { metadata: { generation } = {}, status } = set ?? {}
        return (
          status?.observedGeneration === generation && status?.updatedNumberScheduled === 1 && status.numberReady === 1
        )
      })
    await done()
    const [before] = await desk.all(pods, `app=${name}`)
    const patch = { spec: { template: { metadata: { annotations: { round: '2' } } } } }
    await client.patch(daemonsets, desk.key(name), { type: 'merge', patch })
    await desk.eventually('another pod', async () => {
      const [pod] = await desk.all(pods, `app=${name}`)
      return pod !== undefined && pod.metadata.uid !== before?.metadata.uid
    })
    await done()
  },
}
