import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import type { Ingress } from '#api/networking/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine, missing } from './support/describe.ts'
import type { Started } from './support/machine.ts'

/** More of them: `K8TS_REQUESTS=100000`. */
const requests = Number(process.env['K8TS_REQUESTS'] ?? 1000)

const lacking = missing ?? (existsSync('/usr/sbin/haproxy') ? undefined : 'needs haproxy')
const program = fileURLToPath(new URL('programs/load.mjs', import.meta.url))

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.20.1
        readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}
        # Whoever has its address from before may still come: nodes hear of the end while it begins, late when they are busy.
        lifecycle: {preStop: {sleep: {seconds: 8}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: web.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`

describeOnMachine(
  'rolling updates',
  () => {
    let cluster: E2eCluster
    beforeAll(async () => {
      cluster = await E2eCluster.start({ flags: ['--nodes', '2'], images: ['nginx'] })
      await cluster.apply(web)
      await cluster.kubectl('rollout status deployment web --timeout=60s')
    })
    afterAll(() => cluster?.[Symbol.asyncDispose]())

    /** Waits until an address answers. */
    const answering = (kind: string): Promise<string> =>
      eventually(async () => {
        const { status } = await cluster.get<Service | Ingress>(`${kind} web`)
        const ip = status?.loadBalancer?.ingress?.[0]?.ip
        if (ip === undefined) throw new Error('no address')
        const probe = `require('node:http').get({ host: '${ip}', headers: { host: 'web.example' }, timeout: 500 }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('timeout', () => process.exit(1))`
        const { code } = await cluster.machine.run([process.execPath, '-e', probe])
        if (code !== 0) throw new Error(`${ip} does not answer`)
        return ip
      })

    const restart = async (): Promise<void> => {
      await cluster.kubectl('rollout restart deployment web')
      await cluster.kubectl('rollout status deployment web --timeout=300s', { timeoutMs: 310_000 })
    }

    test(
      'fail not one request behind a Service and behind an Ingress',
      { timeout: 60_000 + requests * 30 },
      async () => {
        // A connection that a client keeps ends with its pod; behind an Ingress it does not.
        const fronts = [
          { address: await answering('service'), keeping: '0' },
          { address: await answering('ingress'), keeping: '2' },
        ]
        const answers = fronts.map(() => 0)
        const load = ({ address, keeping }: (typeof fronts)[number]): Promise<Started> =>
          cluster.machine.start([process.execPath, program, address, 'web.example', '4', keeping], 'asking')
        for (let updates = 0; updates < 2 || answers.some((count) => count < requests); updates++) {
          const loads = await Promise.all(fronts.map(load))
          await restart()
          for (const [index, started] of loads.entries()) {
            const said = started.says('requests', 30_000)
            started.child.kill('SIGTERM')
            await said
            const result = JSON.parse(started.output.split('\n')[1] ?? '') as { requests: number; failures: string[] }
            expect(result.failures).toEqual([])
            answers[index] = (answers[index] ?? 0) + result.requests
          }
        }
        expect(answers.every((count) => count >= requests)).toBe(true)
      },
    )
  },
  lacking,
)
