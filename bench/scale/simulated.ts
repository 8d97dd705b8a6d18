import { namespaces, nodes as nodeResource, services } from '#api/core/v1'
import { deployments } from '#api/apps/v1'
import type { Client } from '#client'
import { pause } from '../parts/part.ts'
import type { PartContext } from '../parts/part.ts'
import { totalCpuMs } from '../machine/processes.ts'
import { clientOf } from '../systems/client.ts'
import type { ControlPlane } from '../systems/system.ts'
import { deploymentOf, serviceOf } from './plan.ts'
import type { PlannedDeployment } from './plan.ts'
import { PodWatch } from './pod-watch.ts'

const patienceMs = 20 * 60_000

/** A cluster of nodes that pretend, and somebody who follows its pods. */
export interface Simulated {
  readonly plane: ControlPlane
  readonly client: Client
  readonly pods: PodWatch
  /** Seconds that the nodes took. */
  readonly nodesSeconds: number
  readonly cpuMs: () => number
}

/** Has work done on a cluster of so many nodes that pretend. Systems that can't have them are left out. */
export async function withSimulatedNodes(
  { system, cleanup }: PartContext,
  nodes: number,
  work: (cluster: Simulated) => Promise<void>,
): Promise<void> {
  if (!system.startSimulated) return
  const plane = await system.startSimulated(nodes, cleanup)
  try {
    await using connection = clientOf(plane.endpoint, cleanup)
    const { client } = connection
    const begin = performance.now()
    await until(async () => (await untainted(client)) >= nodes, 'nodes without taints')
    const nodesSeconds = (performance.now() - begin) / 1000
    await using pods = await PodWatch.begin(client)
    await work({ plane, client, pods, nodesSeconds, cpuMs: () => totalCpuMs(plane.processes) })
  } finally {
    await plane.stop()
  }
}

async function untainted(client: Client): Promise<number> {
  const { items } = await client.list(nodeResource)
  return items.filter(({ spec }) => (spec?.taints ?? []).length === 0).length
}

/** @throws Error when it takes twenty minutes. */
export async function until(reached: () => boolean | Promise<boolean>, what: string, everyMs = 1000): Promise<void> {
  const begin = performance.now()
  while (!(await reached())) {
    if (performance.now() - begin > patienceMs) throw new Error(`waited twenty minutes for ${what}`)
    await pause(everyMs)
  }
}

/** Creates Deployments with their Services so that pods come at a steady rate, or as fast as it goes when there is none. */
export async function createDeployments(
  client: Client,
  planned: readonly PlannedDeployment[],
  podsPerSecond: number = Infinity,
): Promise<void> {
  for (const name of new Set(planned.map(({ namespace }) => namespace))) {
    await client.create(namespaces, { metadata: { name }, spec: {} })
  }
  const begin = performance.now()
  let before = 0
  const waiting = planned.values()
  const work = async (): Promise<void> => {
    for (const deployment of waiting) {
      const due = begin + (before / podsPerSecond) * 1000
      before += deployment.replicas
      const early = due - performance.now()
      if (early > 0) await pause(early)
      await client.create(services, serviceOf(deployment))
      await client.create(deployments, deploymentOf(deployment))
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}
