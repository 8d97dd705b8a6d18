import { deployments, replicasets } from '#api/apps/v1'
import type { Deployment } from '#api/apps/v1'
import { pods, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { jobs } from '#api/batch/v1'
import { expect, shell, template, webServer } from './task.ts'
import type { Desk, Task } from './task.ts'

const name = 'web'

/** A Deployment behind a Service: reached by address and by name, rolled over without a lost request, scaled, deleted. */
export const deploymentTask: Task = {
  name: 'deployment',
  async run(desk) {
    const { client, namespace } = desk
    const metadata = { namespace, name }
    await client.create(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: name } },
        template: template(name, slowToGo),
        strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      },
    })
    const service = await client.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 80 }] },
    })
    await desk.until(deployments, name, complete(3))
    await reachable(desk, 3)
    const url = `http://${service.spec?.clusterIP}/`
    await desk.eventually('an answer of the Service', () => desk.fetch(url).catch(() => false as const))
    await byName(desk)

    const rolling = new AbortController()
    const asking = ask(desk, url, rolling.signal)
    await client.patch(
      deployments,
      desk.key(name),
      {
        type: 'strategic',
        patch: {
          spec: { template: { spec: { containers: [{ name: 'web', env: [{ name: 'ROUND', value: '2' }] }] } } },
        },
      },
      { fieldManager: 'swap' },
    )
    await desk.until(deployments, name, complete(3))
    rolling.abort()
    const { answered } = await asking
    expect(answered > 0, 'answers while it rolls')
    const sets = await desk.all(replicasets)
    expect(sets.length === 2 && sets.some(({ spec }) => spec?.replicas === 0), 'an old ReplicaSet without pods')

    await scale(desk, 5)
    await scale(desk, 1)
    await client.delete(deployments, desk.key(name), { propagationPolicy: 'Background' })
    await desk.eventually('the end of pods and ReplicaSets', async () => {
      const left = [...(await desk.all(pods, `app=${name}`)), ...(await desk.all(replicasets))]
      return left.length === 0
    })
    await reachable(desk, 0)
    await desk.eventually('refusal by a Service without endpoints', () =>
      desk.fetch(url).then(
        () => false as const,
        () => true as const,
      ),
    )
  },
}

/** Answers on while proxies hear that it goes. */
const slowToGo = { ...webServer, lifecycle: { preStop: { sleep: { seconds: 3 } } } }

const complete =
  (replicas: number) =>
  (deployment: Deployment | undefined): boolean => {
    const { metadata: { generation } = {}, status = {} } = deployment ?? {}
    return (
      status.observedGeneration === generation &&
      status.replicas === replicas &&
      status.updatedReplicas === replicas &&
      status.availableReplicas === replicas
    )
  }

async function scale(desk: Desk, replicas: number): Promise<void> {
  const patch = { type: 'merge', patch: { spec: { replicas } } } as const
  await desk.client.patch(deployments, desk.key(name), patch, { subresource: 'scale' })
  await desk.until(deployments, name, complete(replicas))
  await reachable(desk, replicas)
}

async function reachable(desk: Desk, count: number): Promise<void> {
  await desk.eventually(`${count} endpoints`, async () => {
    const slices = await desk.all(endpointslices, `kubernetes.io/service-name=${name}`)
    const ready = slices.flatMap(({ endpoints = [] }) => endpoints).filter((endpoint) => endpoint?.conditions?.ready)
    return slices.length > 0 && ready.length === count
  })
}

/** From a pod, by the name that DNS has for the Service. */
async function byName(desk: Desk): Promise<void> {
  await desk.client.create(jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace: desk.namespace, name: 'ask' },
    spec: {
      backoffLimit: 20,
      template: {
        spec: { restartPolicy: 'OnFailure', containers: [shell(`curl -sSfm 5 http://${name} | grep nginx`)] },
      },
    },
  })
  await desk.until(jobs, 'ask', (job) => job?.status?.succeeded === 1)
}

async function ask(desk: Desk, url: string, signal: AbortSignal): Promise<{ readonly answered: number }> {
  let answered = 0
  while (!signal.aborted) {
    await desk.fetch(url)
    answered++
  }
  return { answered }
}
