import { deployments, statefulsets } from '#api/apps/v1'
import { jobs } from '#api/batch/v1'
import { configmaps, namespaces, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { systemClock } from '#base'
import { waitForObject } from '#client'
import type { Client } from '#client'
import { pause } from '../parts/part.ts'
import { deploymentOf, serviceOf } from './plan.ts'

const namespace = 'others'
const timeoutMs = 10 * 60_000

type Wait = (client: Client, name: string, signal: AbortSignal) => Promise<void>

/** What others want of controllers meanwhile: each is asked for, and waited for. */
const wishes: { readonly [name: string]: Wait } = {
  async Job(client, name, signal) {
    const { spec } = deploymentOf({ namespace, name, replicas: 1 })
    const template = { spec: { ...(spec?.template.spec ?? { containers: [] }), restartPolicy: 'Never' as const } }
    await client.create(jobs, { metadata: { namespace, name }, spec: { completions: 3, parallelism: 3, template } })
    await waitForObject(client, jobs, { namespace, name }, (job) => job?.status?.succeeded === 3, waiting(signal))
  },
  async StatefulSet(client, name, signal) {
    const { spec } = deploymentOf({ namespace, name, replicas: 3 })
    if (!spec) return
    const { selector, template } = spec
    await client.create(statefulsets, {
      metadata: { namespace, name },
      spec: { replicas: 3, serviceName: name, selector, template },
    })
    const isDone = (set?: { readonly status?: { readonly readyReplicas?: number } }): boolean =>
      set?.status?.readyReplicas === 3
    await waitForObject(client, statefulsets, { namespace, name }, isDone, waiting(signal))
  },
  async endpoints(client, name, signal) {
    const planned = { namespace, name, replicas: 2 }
    await client.create(services, serviceOf(planned))
    await client.create(deployments, deploymentOf(planned))
    const labelSelector = `kubernetes.io/service-name=${name}`
    for (;;) {
      const { items } = await client.list(endpointslices, { namespace }, { labelSelector, signal })
      const ready = items.flatMap(({ endpoints }) => endpoints).filter((endpoint) => endpoint?.conditions?.ready)
      if (ready.length === 2) return
      await pause(100)
    }
  },
  async 'garbage collection'(client, name, signal) {
    const { metadata } = await client.create(configmaps, { metadata: { namespace, name } })
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name, uid: metadata.uid ?? '' }
    const own = `${name}-dependent`
    await client.create(configmaps, { metadata: { namespace, name: own, ownerReferences: [owner] } })
    await client.delete(configmaps, { namespace, name })
    await waitForObject(client, configmaps, { namespace, name: own }, isGone, waiting(signal))
  },
  async 'namespace deletion'(client, name, signal) {
    await client.create(namespaces, { metadata: { name }, spec: {} })
    await client.create(configmaps, { metadata: { namespace: name, name: 'content' } })
    await client.create(deployments, deploymentOf({ namespace: name, name: 'content', replicas: 2 }))
    await client.delete(namespaces, { name })
    await waitForObject(client, namespaces, { name }, isGone, waiting(signal))
  },
}

const isGone = (object: unknown): boolean => object === undefined

const waiting = (signal: AbortSignal) => ({ clock: systemClock, signal, timeoutMs, what: 'what others want' })

/** Seconds that somebody waited for something, at most, and how often. */
export interface Waited {
  seconds: number
  times: number
}

/** Others go on wanting things until the work is over. @returns what they waited, by what they wanted. */
export async function whileOthersWant(client: Client, work: () => Promise<void>): Promise<Map<string, Waited>> {
  await client.create(namespaces, { metadata: { name: namespace }, spec: {} })
  const waits = new Map<string, Waited>()
  const stop = new AbortController()
  const wanting = Object.entries(wishes).map(async ([name, wait], index) => {
    const waited: Waited = { seconds: 0, times: 0 }
    waits.set(name, waited)
    while (!stop.signal.aborted) {
      const begin = performance.now()
      await wait(client, `other-${index}-${waited.times}`, new AbortController().signal)
      waited.seconds = Math.max(waited.seconds, (performance.now() - begin) / 1000)
      waited.times++
      await pause(1000)
    }
  })
  try {
    await work()
  } finally {
    stop.abort()
    await Promise.all(wanting)
  }
  return waits
}
