import { afterAll, beforeAll, test } from 'vitest'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { examplePage, Typist } from './support/page-run.ts'

const page = await examplePage('helm')

describeOnMachine('examples/helm', () => {
  let cluster: E2eCluster
  let typist: Typist

  beforeAll(async () => {
    cluster = await E2eCluster.start({ images: ['busybox'] })
    typist = await Typist.at(cluster, 'helm')
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
  })

  for (const { title, steps } of page) {
    test(`${title}: does what the page says`, { timeout: 300_000 }, async () => {
      for (const step of steps) await typist.type(step)
    })
  }
})
