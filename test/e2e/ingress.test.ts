import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ingress } from '#api/networking/v1'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine, missing } from './support/describe.ts'
import { examplePage, Typist } from './support/page-run.ts'

const page = await examplePage('ingress')
const lacking = missing ?? (existsSync('/usr/sbin/haproxy') ? undefined : 'needs haproxy')
const program = fileURLToPath(new URL('programs/load.mjs', import.meta.url))

/** Sections whose changes are made under load, without one failed request. */
const underLoad = ['Update it', 'TLS']

describeOnMachine(
  'examples/ingress',
  () => {
    let cluster: E2eCluster
    let typist: Typist

    beforeAll(async () => {
      cluster = await E2eCluster.start({ images: ['nginx', 'busybox'] })
      typist = await Typist.at(cluster, 'ingress')
    })
    afterAll(async () => {
      await cluster?.[Symbol.asyncDispose]()
    })

    const ask = async (): Promise<{ stop(): Promise<{ requests: number; failures: string[] }> }> => {
      const { status } = await cluster.get<Ingress>('ingress hello')
      const address = status?.loadBalancer?.ingress?.[0]?.ip ?? ''
      const load = await cluster.machine.start([process.execPath, program, address, 'hello.example', '8'], 'asking')
      return {
        stop: async () => {
          const said = load.says('requests', 30_000)
          load.child.kill('SIGTERM')
          await said
          return JSON.parse(load.output.split('\n')[1] ?? '') as { requests: number; failures: string[] }
        },
      }
    }

    for (const { title, steps } of page) {
      test(`${title}: does what the page says`, { timeout: 300_000 }, async () => {
        const load = underLoad.includes(title) ? await ask() : undefined
        for (const step of steps) await typist.type(step)
        const answers = await load?.stop()
        if (!answers) return
        expect(answers.failures).toEqual([])
        expect(answers.requests).toBeGreaterThan(100)
      })
    }

    test('the page has the sections that are typed under load', () => {
      expect(page.map(({ title }) => title)).toEqual(expect.arrayContaining(underLoad))
    })
  },
  lacking,
)
