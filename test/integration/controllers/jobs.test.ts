import { expect, it } from 'vitest'
import { cronjobs, jobs } from '#api/batch/v1'
import type { JobSpec, JobStatus } from '#api/batch/v1'
import { events, pods } from '#api/core/v1'
import type { Pod, PodStatus } from '#api/core/v1'
import { itemsOf, startCluster, template } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const select = ['job-controller', 'cronjob-controller', 'ttl-after-finished-controller', 'garbage-collector-controller']
const key = { namespace: 'default', name: 'work' }
const never = { restartPolicy: 'Never' } as const

async function start({ client }: TestCluster, spec: Partial<JobSpec>, exitCode = '0'): Promise<void> {
  const { metadata, ...rest } = template('a', never)
  const annotations = { 'simulation.k8ts.io/exit-code': exitCode }
  await client.create(jobs, {
    metadata: key,
    spec: { template: { ...rest, metadata: { ...metadata, annotations } }, ...spec },
  })
}

const statusOf = async ({ client }: TestCluster): Promise<JobStatus> => (await client.get(jobs, key)).status ?? {}
const has = ({ conditions }: JobStatus, type: string): boolean =>
  (conditions ?? []).some((condition) => condition.type === type && condition.status === 'True')

it('waits a second, then twice as long each time, for pods that it may not create', async () => {
  await using cluster = await startCluster({ select, complete: true })
  const { client, clock } = cluster
  const containers = [{ name: 'main', image: 'a' }]
  const spec = { template: { spec: { ...never, containers, serviceAccountName: 'none' } } }
  await client.create(jobs, { metadata: key, spec })
  const end = clock.now() + 10_000
  await cluster.until('ten seconds', async () => clock.now() >= end)
  const refused = (await itemsOf(client, events)).filter(({ reason }) => reason === 'FailedCreate')
  expect(refused.map(({ count }) => count)).toEqual([4])
})

it('runs every index once, so many at a time, and lets go of the pods when they are counted', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  await start(cluster, { completions: 5, parallelism: 2, completionMode: 'Indexed' })
  let most = 0
  await cluster.until('completion', async () => {
    const running = (await itemsOf(client, pods)).filter(({ status }) => status?.phase === 'Running')
    most = Math.max(most, running.length)
    return has(await statusOf(cluster), 'Complete')
  })
  expect(most).toBe(2)
  expect(await statusOf(cluster)).toMatchObject({ succeeded: 5, completedIndexes: '0-4', uncountedTerminatedPods: {} })
  const done = await itemsOf(client, pods)
  expect(
    done.map(({ metadata }) => metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? '').toSorted(),
  ).toEqual(['0', '1', '2', '3', '4'])
  expect(done.flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([])
})

it('tells how many pods are active while a failed one waits to be replaced', async () => {
  await using cluster = await startCluster({ select, nodes: [] })
  const { client } = cluster
  await start(cluster, { parallelism: 2, completions: 2 })
  await cluster.until('pods', async () => (await itemsOf(client, pods)).length === 2)
  const [working, failing] = await itemsOf(client, pods)
  const tell = async (pod: Pod | undefined, status: PodStatus): Promise<void> => {
    const { name = '' } = pod?.metadata ?? {}
    const current = await client.get(pods, { namespace: 'default', name })
    await client.update(pods, { ...current, status: { ...current.status, ...status } }, { subresource: 'status' })
  }
  await tell(working, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })
  await tell(failing, { phase: 'Failed' })
  await cluster.until('the failure', async () => (await statusOf(cluster)).failed === 1, 5000)
  expect(await statusOf(cluster)).toMatchObject({ active: 1, ready: 1, failed: 1 })
  expect(await itemsOf(client, pods)).toHaveLength(2)
})

it('tries again after ten seconds, then twenty, until it may no longer', async () => {
  await using cluster = await startCluster({ select })
  await start(cluster, { backoffLimit: 2 }, '1')
  await cluster.until('failure', async () => has(await statusOf(cluster), 'Failed'))
  const { failed, conditions } = await statusOf(cluster)
  expect(failed).toBe(3)
  expect(conditions?.find(({ type }) => type === 'Failed')).toMatchObject({
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  })
  const born = (await itemsOf(cluster.client, pods))
    .map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''))
    .toSorted((a, b) => a - b)
  const [first = 0, second = 0, third = 0] = born
  expect(second - first).toBeGreaterThanOrEqual(10_000)
  expect(third - second).toBeGreaterThanOrEqual(20_000)
})

it('begins a job at every time of a schedule, and keeps as many of those that are over as it is told to', async () => {
  await using cluster = await startCluster({ select })
  const { client, clock } = cluster
  await client.create(cronjobs, {
    metadata: key,
    spec: {
      schedule: '*/2 * * * *',
      successfulJobsHistoryLimit: 2,
      jobTemplate: { spec: { template: { ...template('a', never), metadata: {} } } },
    },
  })
  for (let minute = 0; minute < 11; minute++) await clock.advance(60_000)
  const minutes = (await itemsOf(client, jobs)).map(({ metadata }) => Number(metadata.name?.split('-')[1]))
  const start = Date.UTC(2026, 0, 1) / 60_000
  expect(minutes.toSorted((a, b) => a - b)).toEqual([start + 8, start + 10])
  expect((await client.get(cronjobs, key)).status?.lastScheduleTime).toBe('2026-01-01T00:10:00Z')
})
