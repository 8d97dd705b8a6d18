import { afterAll, beforeAll, describe, test } from 'vitest'
import { E2eCluster } from './support/cluster.ts'
import { machineMissing } from './support/machine.ts'
import { examplePage, Typist } from './support/page-run.ts'

const missing = await machineMissing()
const page = await examplePage('helm')

describe.skipIf(missing)(`examples/helm${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
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
