import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pod, PodList } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { containerProcesses } from './support/leftovers.ts'
import { describeOnMachine } from './support/describe.ts'
import { examplePage, Typist } from './support/page-run.ts'

const page = await examplePage('first-steps')

/** What the page can't show and still must hold, after each of its sections. */
const further: { readonly [title: string]: (cluster: E2eCluster) => Promise<void> } = {
  'A pod': async (cluster) => {
    const { status } = await cluster.get<Pod>('pod web')
    expect(status).toMatchObject({ phase: 'Running', qosClass: 'BestEffort', hostIP: expect.any(String) })
    expect(await cluster.kubectl('describe pod web')).toMatch(/Normal +Started .*Container started/)
  },
  'A Deployment and its Service': async (cluster) => {
    const { items } = await cluster.get<PodList>('pods -l app=foo')
    expect(new Set(items.map(({ status }) => status?.podIP)).size).toBe(10)
    expect(
      (await cluster.kubectl('get endpointslices -l kubernetes.io/service-name=foo')).match(/10\./g),
    ).not.toBeNull()
  },
  'What breaks is mended': async (cluster) => {
    const [server = ''] = containerProcesses(cluster.name).filter((line) => line.startsWith('nginx: master process'))
    process.kill(Number(/process (\d+)/.exec(server)?.[1]), 'SIGKILL')
    await eventually(async () => {
      const { items } = await cluster.get<PodList>('pods')
      const [container] = items
        .flatMap(({ status }) => status?.containerStatuses ?? [])
        .filter(({ lastState }) => lastState?.terminated?.exitCode === 137)
      expect(container).toMatchObject({ ready: true, lastState: { terminated: { reason: 'Error' } } })
    })
  },
  Limits: async (cluster) => {
    const { status } = await cluster.get<Pod>('pod greedy')
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 })
  },
}

describeOnMachine('examples/first-steps', () => {
  let cluster: E2eCluster
  let typist: Typist

  beforeAll(async () => {
    cluster = await E2eCluster.start()
    typist = await Typist.at(cluster, 'first-steps')
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
  })

  for (const { title, steps } of page) {
    test(`${title}: does what the page says`, { timeout: 300_000 }, async () => {
      for (const step of steps) await typist.type(step)
      await further[title]?.(cluster)
    })
  }

  test('what is looked at beside the page has its section there', () => {
    const titles = page.map(({ title }) => title)
    expect(titles).toEqual(expect.arrayContaining(Object.keys(further)))
  })
})
