import { expect, test } from 'vitest'
import { silentLogger } from '#base'
import { nodes, pods } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { events } from '#api/events/v1'
import { createInformerFactory } from '#client'
import { createScheduler } from '#scheduler'
import { startTestServer } from '../apiserver/server.ts'

const makeNode = (name: string, cpu: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: {},
  status: { allocatable: { cpu, memory: '8Gi', pods: '110' }, conditions: [{ type: 'Ready', status: 'True' }] },
})

const makePod = (name: string, cpu: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name },
  spec: { containers: [{ name: 'main', image: 'app', resources: { requests: { cpu } } }] },
})

test('pods of a real API server are bound, or told why not, in the API', async () => {
  await using server = await startTestServer()
  const { client, clock } = server
  const informers = createInformerFactory(client, { clock })
  const scheduler = createScheduler({ client, clock, log: silentLogger, informers, host: 'here' })
  const controller = new AbortController()
  const running = [informers.start(controller.signal), scheduler.start(controller.signal)]
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) {
      await clock.advance(500)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  await client.create(nodes, makeNode('one', '2'))
  await client.create(pods, makePod('fits', '1'))
  await client.create(pods, makePod('waits', '4'))
  await settle()
  const bound = await client.get(pods, { namespace: 'default', name: 'fits' })
  expect(bound.spec?.nodeName).toBe('one')
  expect(bound.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
  const waiting = await client.get(pods, { namespace: 'default', name: 'waits' })
  expect(waiting.status?.conditions).toMatchObject([
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message:
        '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    },
  ])
  await client.create(nodes, makeNode('two', '8'))
  await settle()
  expect((await client.get(pods, { namespace: 'default', name: 'waits' })).spec?.nodeName).toBe('two')
  const recorded = (await client.list(events)).items.map(({ reason }) => reason)
  expect(new Set(recorded)).toEqual(new Set(['FailedScheduling', 'Scheduled']))
  controller.abort()
  await settle()
  await Promise.all(running)
})
