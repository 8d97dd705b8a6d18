import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PodList } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { webOnEveryNode } from './support/web.ts'

describeOnMachine('two nodes', () => {
  let cluster: E2eCluster
  let pods: PodList['items']

  beforeAll(async () => {
    cluster = await E2eCluster.start({ images: ['busybox'], flags: ['--nodes', '2'] })
    await cluster.apply(webOnEveryNode)
    await cluster.kubectl('rollout status daemonset web --timeout=60s')
    pods = (await cluster.get<PodList>('pods -l app=web')).items
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
  })

  const ask = (pod: string | undefined, place: string): Promise<string> =>
    cluster.kubectl(['exec', pod ?? '', '--', 'timeout', '3', 'wget', '-qO-', `http://${place}/`])

  test('each have a pod of a DaemonSet, and pods reach each other across them', async () => {
    expect(new Set(pods.map(({ spec }) => spec?.nodeName))).toEqual(new Set([`${cluster.name}-1`, `${cluster.name}-2`]))
    for (const [from, to] of [
      [pods[0], pods[1]],
      [pods[1], pods[0]],
    ]) {
      const answer = await eventually(() => ask(from?.metadata.name, `${to?.status?.podIP}:8080`))
      expect(answer.trim()).toBe(to?.spec?.nodeName)
    }
  })

  test('share a Service whose every endpoint answers, whoever asks', async () => {
    for (const pod of pods) {
      const answers = new Set<string>()
      await eventually(async () => {
        answers.add((await ask(pod.metadata.name, 'web')).trim())
        expect(answers.size).toBe(2)
      })
    }
  })

  test('a node that is drained loses its pods to others, and takes none until it may again', async () => {
    await cluster.kubectl('create deployment movable --image=busybox:1.36 --replicas=2 -- sleep infinity')
    await cluster.kubectl('rollout status deployment movable --timeout=60s')
    const drained = `${cluster.name}-1`
    await cluster.kubectl(`drain ${drained} --ignore-daemonsets --delete-emptydir-data --timeout=90s`, {
      timeoutMs: 100_000,
    })
    await cluster.kubectl('rollout status deployment movable --timeout=60s')
    const { items } = await cluster.get<PodList>('pods -l app=movable')
    const alive = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    expect(alive.map(({ spec }) => spec?.nodeName)).toEqual([`${cluster.name}-2`, `${cluster.name}-2`])
    await cluster.kubectl(`uncordon ${drained}`)
  })
})
