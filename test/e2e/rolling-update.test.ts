import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import { E2eCluster, eventually } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'

/** More of them: `K8TS_REQUESTS=100000`. */
const requests = Number(process.env['K8TS_REQUESTS'] ?? 1000)

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
        # Whoever has its address from before may still come: nodes hear of the end while it begins.
        lifecycle: {preStop: {sleep: {seconds: 1}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
`

/** Asks on a connection of its own each time, by some workers, until its input ends; then says what came. */
const load = `
const http = require('node:http')
const host = process.argv[1], workers = 4
let on = true, answers = 0
const failures = {}
process.stdin.resume().on('end', () => (on = false))
const ask = () => new Promise((resolve) => {
  const fail = (what) => { failures[what] = (failures[what] ?? 0) + 1; resolve() }
  const request = http.get({ host, port: 80, agent: false, timeout: 10000 }, (response) => {
    response.resume().on('error', (e) => fail(e.code)).on('end', () => {
      if (response.statusCode === 200) answers++
      else return fail(response.statusCode)
      resolve()
    })
  })
  request.on('timeout', () => request.destroy(new Error('timeout'))).on('error', (e) => fail(e.code ?? e.message))
})
Promise.all(Array.from({ length: workers }, async () => { while (on) await ask() }))
  .then(() => console.log(JSON.stringify({ answers, failures })))
`

describeOnMachine('rolling updates behind a Service', () => {
  let cluster: E2eCluster
  beforeAll(async () => {
    cluster = await E2eCluster.start({ flags: ['--nodes', '2'], images: ['nginx'] })
    await cluster.apply(web)
    await cluster.kubectl('rollout status deployment web --timeout=60s')
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  test('fail not one request', { timeout: 60_000 + requests * 30 }, async () => {
    const address = await eventually(async () => {
      const { status } = await cluster.get<Service>('service web')
      const ip = status?.loadBalancer?.ingress?.[0]?.ip
      if (ip === undefined) throw new Error('no address')
      const probe = `require('node:net').connect({ host: '${ip}', port: 80, timeout: 500 }).on('connect', () => process.exit(0)).on('timeout', () => process.exit(1))`
      const { code } = await cluster.machine.run([process.execPath, '-e', probe])
      if (code !== 0) throw new Error(`${ip} does not answer`)
      return ip
    })
    const total = { answers: 0, failures: {} }
    let updates = 0
    while (total.answers < requests || updates < 2) {
      const child = cluster.machine.spawn([process.execPath, '-e', load, address])
      const said = new Promise<string>((resolve) => {
        let text = ''
        child.stdout?.on('data', (data: Buffer) => (text += data.toString()))
        child.once('close', () => resolve(text))
      })
      await cluster.kubectl('rollout restart deployment web')
      await cluster.kubectl('rollout status deployment web --timeout=60s', { timeoutMs: 90_000 })
      updates++
      child.stdin?.end()
      const { answers, failures }: typeof total = JSON.parse(await said)
      total.answers += answers
      Object.assign(total.failures, failures)
      expect(failures).toEqual({})
    }
    expect(total.answers).toBeGreaterThanOrEqual(requests)
  })
})
