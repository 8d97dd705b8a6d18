import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HorizontalPodAutoscaler } from '#api/autoscaling/v2'
import type { PodMetricsList } from '#api/metrics/v1beta1'
import { Quantity } from '#machinery'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'

/** Takes all it can get, which is half a processor. */
const busy = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: busy}
spec:
  selector: {matchLabels: {app: busy}}
  template:
    metadata: {labels: {app: busy}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: loop
        image: busybox:1.36
        command: [sh, -c, 'while :; do :; done']
        resources: {requests: {cpu: 100m}, limits: {cpu: 500m, memory: 64Mi}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: busy}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: busy}
  maxReplicas: 2
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
`

describeOnMachine('what pods use, without a further install', () => {
  let cluster: E2eCluster

  beforeAll(async () => {
    cluster = await E2eCluster.start({ images: ['busybox'] })
    await cluster.apply(busy)
    await cluster.kubectl('wait --for=condition=Available deployment/busy --timeout=60s')
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  test('kubectl top tells of nodes and pods at the first question', async () => {
    const [head, node] = (await cluster.kubectl('top nodes')).split('\n')
    expect(head).toMatch(/^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\)/)
    expect(node).toMatch(/^\S+ +\d+m +\d+% +\d+Mi +\d+%/)
    expect(await cluster.kubectl('top pods --containers')).toMatch(/\nbusy-\S+ +loop +\d+m +\d+Mi/)
    const { items } = JSON.parse(
      await cluster.kubectl('get --raw /apis/metrics.k8s.io/v1beta1/namespaces/default/pods'),
    ) as PodMetricsList
    const [millis = 0] = items.flatMap(({ containers }) =>
      containers.map(({ usage }) => Quantity.parse(usage['cpu'] ?? '').milliValue()),
    )
    // The limit holds by periods of a tenth of a second, so that a look at a second may show a little more.
    expect(millis).toBeGreaterThan(0)
    expect(millis).toBeLessThan(700)
  })

  test('a HorizontalPodAutoscaler scales by processor time', async () => {
    await eventually(async () => {
      const { status } = await cluster.get<HorizontalPodAutoscaler>('hpa busy')
      expect(status?.desiredReplicas).toBe(2)
    }, 120_000)
    const { status } = await cluster.get<HorizontalPodAutoscaler>('hpa busy')
    expect(status?.conditions?.find(({ type }) => type === 'ScalingActive')).toMatchObject({
      status: 'True',
      reason: 'ValidMetricFound',
    })
    await cluster.kubectl('wait --for=jsonpath={.status.readyReplicas}=2 deployment/busy --timeout=60s')
  })
})
