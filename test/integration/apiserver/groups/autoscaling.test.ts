import { describe, expect, test } from 'vitest'
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1 } from '#api/autoscaling/v1'
import type { HorizontalPodAutoscaler } from '#api/autoscaling/v2'
import { startTestServer } from '../server.ts'
import { good, patch, refusals, table } from './objects.ts'

const v1 = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers'
const v2 = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers'
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }
const scaler = (spec: object = {}, annotations?: object): object => ({
  metadata: { name: 'h', ...(annotations ? { annotations } : {}) },
  spec: { scaleTargetRef, maxReplicas: 3, ...spec },
})
const memory = { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } }
const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } }

describe('the versions of pod autoscalers', () => {
  test('an object without metrics keeps processors at four fifths, in both', async () => {
    await using server = await startTestServer()
    const { spec } = good<HorizontalPodAutoscalerV1>(await server.request('POST', v1, scaler()))
    expect(spec).toMatchObject({ minReplicas: 1, targetCPUUtilizationPercentage: 80 })
    const newer = good<HorizontalPodAutoscaler>(await server.request('GET', `${v2}/h`))
    expect(newer.spec.metrics).toEqual([{ type: 'Resource', resource: cpu }])
  })

  test('what the first has no fields for, it has in annotations', async () => {
    await using server = await startTestServer()
    const behavior = { scaleUp: { stabilizationWindowSeconds: 5 } }
    const metrics = [{ type: 'Resource', resource: memory }]
    await server.request('POST', v2, scaler({ metrics, behavior }))
    const older = good<HorizontalPodAutoscalerV1>(await server.request('GET', `${v1}/h`))
    expect(older.spec).not.toHaveProperty('targetCPUUtilizationPercentage')
    expect(older.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics']).toBe(
      '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}]',
    )
    expect(older.metadata.annotations?.['autoscaling.alpha.kubernetes.io/behavior']).toContain(
      '"ScaleUp":{"StabilizationWindowSeconds":5,"SelectPolicy":"Max"',
    )
    await server.request('PUT', `${v1}/h`, { ...older, spec: { ...older.spec, maxReplicas: 9 } })
    const newer = good<HorizontalPodAutoscaler>(await server.request('GET', `${v2}/h`))
    expect(newer.spec).toMatchObject({ maxReplicas: 9, metrics, behavior })
    expect(newer.metadata).not.toHaveProperty('annotations')
  })

  test('annotations that say nothing are dropped, and nobody owns them', async () => {
    await using server = await startTestServer()
    const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '{', other: 'stays' }
    const { metadata } = good<HorizontalPodAutoscalerV1>(await server.request('POST', v1, scaler({}, annotations)))
    expect(metadata.annotations).toEqual({ other: 'stays' })
    expect(metadata.managedFields?.[0]?.fieldsV1).toMatchObject({
      'f:metadata': { 'f:annotations': { '.': {}, 'f:other': {} } },
    })
  })

  test('the status of one is that of the other', async () => {
    await using server = await startTestServer()
    await server.request('POST', v1, scaler())
    const status = { currentReplicas: 2, desiredReplicas: 3, currentCPUUtilizationPercentage: 40 }
    await patch(server, `${v1}/h/status`, { status })
    const newer = good<HorizontalPodAutoscaler>(await server.request('GET', `${v2}/h`))
    expect(newer.status).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 3,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 40 } } }],
    })
  })
})

describe('pod autoscalers', () => {
  test('bounds and targets have to make sense', async () => {
    await using server = await startTestServer()
    const reversed = scaler({ minReplicas: 5, scaleTargetRef: { ...scaleTargetRef, kind: 'A/B', name: '' } })
    expect(refusals(await server.request('POST', v2, reversed))).toEqual([
      'spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`',
      'spec.scaleTargetRef.kind: Invalid value: "A/B": may not contain \'/\'',
      'spec.scaleTargetRef.name: Required value',
    ])
  })

  test('each metric has the source of its type, and a target that fits', async () => {
    await using server = await startTestServer()
    const metrics = [{ type: 'Resource' }, { type: 'Resource', resource: { name: 'cpu', target: { type: 'Odd' } } }]
    expect(refusals(await server.request('POST', v2, scaler({ metrics })))).toEqual([
      'spec.metrics[0].resource: Required value: must populate information for the given metric source',
      'spec.metrics[1].resource.target.type: Invalid value: "Odd": must be either Utilization, Value, or AverageValue',
      'spec.metrics[1].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
    ])
  })

  test('the table tells the metrics with what is known of them', async () => {
    await using server = await startTestServer()
    await server.request('POST', v2, scaler())
    expect(await table(server, v2)).toEqual([
      ['Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'],
      ['h', 'Deployment/d', 'cpu: <unknown>/80%', '1', 3, 0, '0s'],
    ])
  })
})
