import { expect, test } from 'vitest'
import { merge, pod, podOf, podsUrl, serverWith, statusOf } from './bench.ts'
import type { Answer, TestServer } from '../server.ts'

const budgetsUrl = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'

const eviction = (name: string, deleteOptions?: object): object => ({
  kind: 'Eviction',
  apiVersion: 'policy/v1',
  metadata: { name },
  ...(deleteOptions ? { deleteOptions } : {}),
})

/** A running, healthy pod `a` on a node, and a budget over it with a status. */
async function guarded(status: object, spec: object = {}): Promise<TestServer> {
  const server = await serverWith(pod('a', { nodeName: 'n' }, { labels: { app: 'x' } }))
  const conditions = [{ type: 'Ready', status: 'True' }]
  await server.request('PATCH', `${podsUrl}/a/status`, { status: { phase: 'Running', conditions } }, merge)
  await server.request('POST', budgetsUrl, {
    metadata: { name: 'b' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } }, ...spec },
  })
  const observed = { observedGeneration: 1, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, ...status }
  await server.request('PATCH', `${budgetsUrl}/b/status`, { status: observed }, merge)
  return server
}

const evict = (server: TestServer, options?: object): Promise<Answer> =>
  server.request('POST', `${podsUrl}/a/eviction`, eviction('a', options))

test('an eviction may be of the version that is served no more', async () => {
  await using server = await guarded({ disruptionsAllowed: 1, currentHealthy: 2 })
  const former = { ...eviction('a'), apiVersion: 'policy/v1beta1' }
  expect((await server.request('POST', `${podsUrl}/a/eviction`, former)).code).toBe(201)
  const unknown = await server.request('POST', `${podsUrl}/a/eviction`, { ...former, apiVersion: 'policy/v2' })
  expect([unknown.code, statusOf(unknown).reason]).toEqual([400, 'BadRequest'])
})

test('an eviction takes a disruption from the budget, and the pod goes with a word why', async () => {
  await using server = await guarded({ disruptionsAllowed: 1, currentHealthy: 2 })
  expect((await evict(server)).code).toBe(201)
  const { metadata, status } = podOf(await server.request('GET', `${podsUrl}/a`))
  expect(metadata.deletionGracePeriodSeconds).toBe(30)
  expect(status?.conditions?.at(-1)).toMatchObject({ type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' })
  expect((await server.request('GET', `${budgetsUrl}/b`)).body).toMatchObject({
    status: {
      disruptionsAllowed: 0,
      disruptedPods: { a: '2026-01-01T00:00:00Z' },
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
    },
  })
})

test('a dry run changes neither pod nor budget', async () => {
  await using server = await guarded({ disruptionsAllowed: 1, currentHealthy: 2 })
  expect((await evict(server, { dryRun: ['All'] })).code).toBe(201)
  expect(podOf(await server.request('GET', `${podsUrl}/a`)).metadata.deletionTimestamp).toBeUndefined()
  expect((await server.request('GET', `${budgetsUrl}/b`)).body).toMatchObject({ status: { disruptionsAllowed: 1 } })
})

test('an empty budget refuses, and says why', async () => {
  await using server = await guarded({ disruptionsAllowed: 0 })
  const { code, headers, body } = await evict(server)
  expect(code).toBe(429)
  expect(headers['retry-after']).toBeUndefined()
  expect(body).toMatchObject({
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [
        { reason: 'DisruptionBudget', message: 'The disruption budget b needs 1 healthy pods and has 1 currently' },
      ],
    },
  })
})

test('a budget that was not looked at since it changed refuses for now', async () => {
  await using server = await guarded({ observedGeneration: 0, disruptionsAllowed: 1 })
  const { code, headers } = await evict(server)
  expect(code).toBe(429)
  expect(headers['retry-after']).toBe('10')
})

test('pods that are not ready go past a budget that lets them, or has enough of others', async () => {
  const unready = { status: { conditions: [{ type: 'Ready', status: 'False' }] } }
  await using strict = await guarded({ disruptionsAllowed: 0, currentHealthy: 0 })
  await strict.request('PATCH', `${podsUrl}/a/status`, unready, merge)
  expect((await evict(strict)).code).toBe(429)
  await using loose = await guarded(
    { disruptionsAllowed: 0, currentHealthy: 0 },
    { unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  )
  await loose.request('PATCH', `${podsUrl}/a/status`, unready, merge)
  expect((await evict(loose)).code).toBe(201)
})

test('a pod under two budgets, and one of another uid, is not evicted', async () => {
  await using server = await guarded({ disruptionsAllowed: 1 })
  const wrong = await evict(server, { preconditions: { uid: 'other' } })
  expect(statusOf(wrong).message).toContain('the UID in the precondition (other) does not match the UID in record')
  await server.request('POST', budgetsUrl, { metadata: { name: 'b2' }, spec: { minAvailable: 1, selector: {} } })
  const both = await evict(server)
  expect(both.code).toBe(500)
  expect(statusOf(both).message).toContain('more than one PodDisruptionBudget')
})

test('a pod that does not run yet goes without asking a budget', async () => {
  await using server = await guarded({ disruptionsAllowed: 0 })
  await server.request('PATCH', `${podsUrl}/a/status`, { status: { phase: 'Pending' } }, merge)
  expect((await evict(server)).code).toBe(201)
})
