import { describe, expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { PodAddresses } from './addresses.ts'
import { exitCodeAnnotation, runForAnnotation } from './options.ts'
import { nextPodStatus } from './pod-status.ts'
import type { NextStatus } from './pod-status.ts'

const start = Date.UTC(2026, 0, 1)
const situation = { now: start, hostIP: '10.0.0.1', podIP: '10.1.0.2', startupMs: 0, jobMs: 1000 }

const pod = (spec: Partial<Pod['spec']> = {}, annotations: { readonly [name: string]: string } = {}): Pod => ({
  metadata: { namespace: 'ns', name: 'one', uid: 'u', generation: 3, annotations },
  spec: { containers: [{ name: 'app', image: 'nginx' }], nodeName: 'node', ...spec },
})

/** What becomes of a pod after so many milliseconds, told once at its start and once then. */
function after(ms: number, what: Pod, change: Partial<typeof situation> = {}): NextStatus {
  const { status } = nextPodStatus(what, { ...situation, ...change })
  return nextPodStatus({ ...what, status }, { ...situation, ...change, now: start + ms })
}

const conditions = ({ status }: NextStatus): { [type: string]: string } =>
  Object.fromEntries(
    (status.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason ?? ''}`.trim()]),
  )

describe('nextPodStatus()', () => {
  test('a pod runs and is ready at once, with address and containers', () => {
    expect(nextPodStatus(pod(), situation)).toMatchInlineSnapshot(`
      {
        "status": {
          "conditions": [
            {
              "lastTransitionTime": "2026-01-01T00:00:00Z",
              "observedGeneration": 3,
              "status": "True",
              "type": "PodReadyToStartContainers",
            },
            {
              "lastTransitionTime": "2026-01-01T00:00:00Z",
              "observedGeneration": 3,
              "status": "True",
              "type": "Initialized",
            },
            {
              "lastTransitionTime": "2026-01-01T00:00:00Z",
              "observedGeneration": 3,
              "status": "True",
              "type": "Ready",
            },
            {
              "lastTransitionTime": "2026-01-01T00:00:00Z",
              "observedGeneration": 3,
              "status": "True",
              "type": "ContainersReady",
            },
          ],
          "containerStatuses": [
            {
              "containerID": "simulated://u/app",
              "image": "nginx",
              "imageID": "simulated://nginx",
              "name": "app",
              "ready": true,
              "restartCount": 0,
              "started": true,
              "state": {
                "running": {
                  "startedAt": "2026-01-01T00:00:00Z",
                },
              },
            },
          ],
          "hostIP": "10.0.0.1",
          "hostIPs": [
            {
              "ip": "10.0.0.1",
            },
          ],
          "observedGeneration": 3,
          "phase": "Running",
          "podIP": "10.1.0.2",
          "podIPs": [
            {
              "ip": "10.1.0.2",
            },
          ],
          "startTime": "2026-01-01T00:00:00Z",
        },
      }
    `)
  })

  test('it waits as long as it takes to start', () => {
    const waits = after(1000, pod(), { startupMs: 3000 })
    expect([waits.status.phase, waits.changesInMs]).toEqual(['Pending', 2000])
    expect(conditions(waits)).toEqual({
      PodReadyToStartContainers: 'False',
      Initialized: 'False ContainersNotInitialized',
      Ready: 'False ContainersNotReady',
      ContainersReady: 'False ContainersNotReady',
    })
    expect(after(3000, pod(), { startupMs: 3000 })).toMatchObject({ status: { phase: 'Running' } })
  })

  test('conditions keep the time at which they turned, and those of others stay', () => {
    const scheduled = { type: 'PodScheduled', status: 'True' }
    const first = pod()
    const { status } = nextPodStatus({ ...first, status: { conditions: [scheduled] } }, situation)
    const later = nextPodStatus({ ...first, status }, { ...situation, now: start + 60_000 })
    expect(later.status).toEqual(status)
    expect(later.status.conditions).toContainEqual(scheduled)
  })

  test('readiness gates hold up readiness', () => {
    const gated = pod({ readinessGates: [{ conditionType: 'open' }] })
    expect(conditions(nextPodStatus(gated, situation))).toMatchObject({
      Ready: 'False ReadinessGatesNotReady',
      ContainersReady: 'True',
    })
    const opened = { ...gated, status: { conditions: [{ type: 'open', status: 'True' }] } }
    expect(conditions(nextPodStatus(opened, situation))).toMatchObject({ Ready: 'True', open: 'True' })
  })

  test('pods of a Job complete', () => {
    const owned = pod({ restartPolicy: 'Never' })
    const job: Pod = {
      ...owned,
      metadata: { ...owned.metadata, ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'j' }] },
    }
    expect(after(0, job)).toMatchObject({ status: { phase: 'Running' }, changesInMs: 1000 })
    const over = after(1000, job)
    expect(over.changesInMs).toBeUndefined()
    expect(over.status.phase).toBe('Succeeded')
    expect(over.status.containerStatuses?.[0]?.state).toEqual({
      terminated: {
        exitCode: 0,
        reason: 'Completed',
        startedAt: timeOfMillis(start),
        finishedAt: timeOfMillis(start + 1000),
      },
    })
    expect(conditions(over)).toMatchObject({ Ready: 'False PodCompleted', Initialized: 'True PodCompleted' })
  })

  test.each([
    ['Never', '0', 'Succeeded', 0],
    ['Never', '2', 'Failed', 0],
    ['OnFailure', '0', 'Succeeded', 0],
    ['OnFailure', '2', 'Running', 3],
    ['Always', '0', 'Running', 3],
  ] as const)(
    'with restart policy %s and exit code %s it is %s after %s restarts',
    (restartPolicy, code, phase, restarts) => {
      const what = pod({ restartPolicy }, { [runForAnnotation]: '10s', [exitCodeAnnotation]: code })
      const { status } = after(35_000, what)
      expect([status.phase, status.containerStatuses?.[0]?.restartCount]).toEqual([phase, restarts])
    },
  )

  test('init containers have completed, sidecars among them run', () => {
    const { status } = nextPodStatus(
      pod({ initContainers: [{ name: 'init' }, { name: 'side', restartPolicy: 'Always' }] }),
      situation,
    )
    expect(status.initContainerStatuses?.map(({ state, ready }) => [Object.keys(state ?? {})[0], ready])).toEqual([
      ['terminated', true],
      ['running', true],
    ])
  })

  test("pods on the host's network have its address", () => {
    expect(nextPodStatus(pod({ hostNetwork: true }), situation).status.podIP).toBe('10.0.0.1')
  })
})

describe('PodAddresses', () => {
  test('gives every pod its own, keeps those that are known, and lets addresses rest', () => {
    const addresses = new PodAddresses()
    const take = (key: string, status: Pod['status'] = {}): string =>
      addresses.take({ ...pod(), status }, key, '10.1.0.0/29')
    expect([take('a'), take('b'), take('a')]).toEqual(['10.1.0.2', '10.1.0.3', '10.1.0.2'])
    expect(take('c', { podIP: '10.1.0.4' })).toBe('10.1.0.4')
    addresses.release('a')
    expect([take('d'), take('e'), take('f')]).toEqual(['10.1.0.5', '10.1.0.6', '10.1.0.2'])
    expect(() => take('g')).toThrow('simulate pod: no address is free in 10.1.0.0/29')
  })
})
