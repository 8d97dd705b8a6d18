import { numberMark } from '../load/request.ts'
import type { RequestTemplate } from '../load/request.ts'
import type { Endpoint } from '../load/endpoint.ts'
import { totalCpuMs } from '../machine/processes.ts'
import type { Row } from '../report/row.ts'
import { clientOf } from '../systems/client.ts'
import { PretendNodes } from '../systems/pretend-nodes.ts'
import { measureMemory } from './memory.ts'
import { namespace, podToBind, serviceAccount } from './objects.ts'
import { pause } from './part.ts'
import type { PartContext } from './part.ts'

const row = (id: string, title: string, more: Partial<Row> = {}): Row => ({
  id: `scheduler.${id}`,
  title,
  unit: '/s',
  better: 'more',
  ...more,
})

const bound = (nodes: number): Row => row('bound', `waiting pods bound on ${nodes} nodes that pretend`, { wanted: 5 })
const flow = row('flow', 'pods created by 64 writers and bound on them')
const memory = row('memory', 'memory with these nodes and their pods', { unit: 'MB', better: 'less' })

/** Pods that wait for a scheduler, and pods that come while everything runs. */
export async function measureScheduler(context: PartContext): Promise<void> {
  await measureBound(context)
  await measureFlow(context)
}

const podsPath = '/api/v1/namespaces/bind/pods'
const create = (run: string): RequestTemplate => ({
  method: 'POST',
  path: podsPath,
  body: podToBind(`${run}-${numberMark}`, run),
})
/** Tells of every pod that gets a node, once. */
const watch = (run: string): RequestTemplate => ({
  method: 'GET',
  path: `${podsPath}?watch=1&fieldSelector=spec.nodeName!%3D&labelSelector=run%3D${run}`,
})
const patienceMs = 20_000
/** For the first pods: a scheduler that was refused something at its start asks again when it likes. */
const firstPatienceMs = 90_000

async function measureBound({ system, report, extent, generator, cleanup }: PartContext): Promise<void> {
  const target = await system.prepareScheduling(cleanup)
  const { endpoint } = target
  const { boundPods } = extent
  try {
    await makePlace(endpoint, generator)
    await using connection = clientOf(endpoint, cleanup)
    await PretendNodes.register(connection.client, extent.nodes)
    const task = { kind: 'requests', endpoint, connections: 64, request: create('wait') } as const
    const { result: filled } = await generator.run({ ...task, ms: 120_000, most: boundPods })
    if (filled.failed > 0) throw new Error(`${filled.failed} of ${boundPods} pods could not be created`)
    await target.begin()
    const settle = {
      kind: 'settle',
      endpoint,
      watch: watch('wait'),
      writers: 0,
      objects: boundPods,
      patienceMs,
    } as const
    const { result } = await generator.run(settle)
    const missing = boundPods - result.settled
    report.record(
      system.name,
      bound(extent.nodes),
      result.afterFirst / result.afterFirstSeconds,
      missing > 0 ? { missing } : {},
    )
  } finally {
    await target.stop()
  }
}

async function measureFlow(context: PartContext): Promise<void> {
  const { system, report, extent, generator, cleanup } = context
  const target = await system.startControlPlane(cleanup)
  const { endpoint, processes } = target
  try {
    await makePlace(endpoint, generator)
    await using connection = clientOf(endpoint, cleanup)
    const nodes = await PretendNodes.register(connection.client, extent.nodes)
    await using _alive = nodes.keepAlive()
    await pause(extent.settleMs)
    const run = async (name: string, objects: number, patienceMs: number) => {
      const task = {
        kind: 'settle',
        endpoint,
        watch: watch(name),
        create: create(name),
        writers: 64,
        objects,
        patienceMs,
      } as const
      return generator.run(task, () => totalCpuMs(processes))
    }
    await run('warm', Math.ceil(extent.boundPods / 10), firstPatienceMs)
    const { result, serverCpuMs, clientCpuMs } = await run('flow', extent.boundPods, patienceMs)
    const missing = extent.boundPods - result.settled
    report.record(system.name, flow, result.settled / result.seconds, {
      'server us': (serverCpuMs * 1000) / result.settled,
      'client us': (clientCpuMs * 1000) / result.settled,
      ...(missing > 0 ? { missing, failed: result.failed } : {}),
    })
    measureMemory(context, memory, processes)
  } finally {
    await target.stop()
  }
}

/** The controller that makes accounts may take its time, or not run. */
async function makePlace(endpoint: Endpoint, generator: PartContext['generator']): Promise<void> {
  const post = async (path: string, body: string): Promise<void> => {
    const request = { method: 'POST', path, body } as const
    await generator.run({ kind: 'requests', endpoint, request, connections: 1, ms: 10_000, most: 1 })
  }
  await post('/api/v1/namespaces', namespace('bind'))
  await post('/api/v1/namespaces/bind/serviceaccounts', serviceAccount('default'))
}
