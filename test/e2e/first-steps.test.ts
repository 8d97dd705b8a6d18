import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Deployment } from '#api/apps/v1'
import type { Pod, PodList, Service } from '#api/core/v1'
import { E2eCluster, eventually } from './support/cluster.ts'
import { machineMissing } from './support/machine.ts'

const missing = await machineMissing()
const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/first-steps/${name}.yaml`, import.meta.url))

describe.skipIf(missing)(`examples/first-steps${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let cluster: E2eCluster

  beforeAll(async () => {
    cluster = await E2eCluster.start({ images: ['busybox', 'nginx', 'tools'] })
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
  })

  const exec = (pod: string, command: string): Promise<string> =>
    cluster.kubectl(['exec', ...pod.split(' '), '--', 'sh', '-c', command])
  const waitFor = (words: string): Promise<string> => cluster.kubectl(`wait --timeout=60s ${words}`)

  test('a pod of one container runs, logs and is asked', async () => {
    await cluster.kubectl(['apply', '-f', example('pod')])
    await waitFor('--for=condition=Ready pod/web')
    const pod = await cluster.get<Pod>('pod web')
    expect(pod.status).toMatchObject({ phase: 'Running', qosClass: 'BestEffort', hostIP: expect.any(String) })
    expect(await exec('web', 'wget -qO- http://127.0.0.1/')).toContain('Welcome to nginx!')
    expect(await cluster.kubectl('logs web')).toContain('GET / HTTP/1.1')
    expect(await cluster.kubectl('get pod web --no-headers')).toMatch(/^web +1\/1 +Running +0 /)
    expect(await cluster.kubectl('describe pod web')).toMatch(/Normal +Started .*Container started/)
  })

  test('two containers of a pod share the network and nothing else', async () => {
    await cluster.kubectl(['apply', '-f', example('two-containers')])
    await waitFor('--for=condition=Ready pod/pair')
    expect(await eventually(() => exec('pair -c proxy', 'wget -qO- http://127.0.0.1/'))).toBe('hello from the app\n')
    expect(await exec('pair -c app', 'cat /whoami')).toBe('app\n')
    expect(await exec('pair -c proxy', 'ls /')).not.toContain('whoami')
  })

  test('a Service leads to ten replicas by name, by address, by environment and by node port', async () => {
    await cluster.kubectl(['apply', '-f', example('deployment'), '-f', example('service')])
    await cluster.kubectl('rollout status deployment foo --timeout=90s', { timeoutMs: 100_000 })
    await cluster.kubectl(['apply', '-f', example('client')])
    await waitFor('--for=condition=Ready pod/client')
    const { spec } = await cluster.get<Service>('service foo')
    const web = await cluster.get<Pod>('pod web')
    for (const place of [
      'foo.default.svc.cluster.local',
      'foo',
      spec?.clusterIP ?? '',
      '$FOO_SERVICE_HOST:$FOO_SERVICE_PORT',
      `${web.status?.hostIP}:30080`,
    ]) {
      expect(await eventually(() => exec('client', `timeout 3 wget -qO- http://${place}/`), 10_000)).toContain(
        'Welcome to nginx!',
      )
    }
    const { items } = await cluster.get<PodList>('pods -l app=foo')
    expect(new Set(items.map(({ status }) => status?.podIP)).size).toBe(10)
  })

  test('replicas come and go as a Deployment is scaled', async () => {
    await cluster.kubectl('scale deployment foo --replicas=3')
    await waitFor('--for=jsonpath={.status.replicas}=3 deployment/foo')
    await eventually(async () => {
      expect((await cluster.get<PodList>('pods -l app=foo')).items).toHaveLength(3)
    })
    await cluster.kubectl('scale deployment foo --replicas=4')
    await cluster.kubectl('rollout status deployment foo --timeout=60s')
  })

  test('an image is replaced, and taken back, without one failed request', async () => {
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: load}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: curl
    image: tools:1
    command: [bash, -c, 'while true; do curl -s -m 5 -o /dev/null -w "%{http_code}\\n" http://foo/ || true; done']
`)
    await waitFor('--for=condition=Ready pod/load')
    await cluster.kubectl('set image deployment/foo nginx=nginx:1.21.6')
    await cluster.kubectl('rollout status deployment foo --timeout=90s', { timeoutMs: 100_000 })
    expect(await cluster.kubectl('get pods -l app=foo -o jsonpath={.items[*].spec.containers[*].image}')).toContain(
      'nginx:1.21.6',
    )
    await cluster.kubectl('rollout undo deployment foo')
    await cluster.kubectl('rollout status deployment foo --timeout=90s', { timeoutMs: 100_000 })
    const deployment = await cluster.get<Deployment>('deployment foo')
    expect(deployment.spec?.template.spec?.containers[0]?.image).toBe('nginx:1.20.1')
    expect(await cluster.kubectl('rollout history deployment foo')).toMatch(/^2 .*\n3 /m)
    const codes = (await cluster.kubectl('logs load')).trim().split('\n')
    expect(codes.length).toBeGreaterThan(50)
    expect(codes.filter((code) => code !== '200')).toEqual([])
    await cluster.kubectl('delete pod load')
  })

  test('the selector of a Service says whether blue or green answers', async () => {
    await cluster.kubectl(['apply', '-f', example('blue-green')])
    for (const color of ['blue', 'green']) {
      await cluster.kubectl(`rollout status deployment ${color} --timeout=60s`)
    }
    expect(await eventually(() => exec('client', 'timeout 3 wget -qO- http://color/'))).toBe('blue\n')
    const patch = '{"spec":{"selector":{"color":"green"}}}'
    await cluster.kubectl(['patch', 'service', 'color', '-p', patch])
    await eventually(async () => expect(await exec('client', 'timeout 3 wget -qO- http://color/')).toBe('green\n'))
    await cluster.kubectl(['delete', '-f', example('blue-green'), '--wait=false'])
  })

  test('a process that is killed starts again, and a pod that is deleted is replaced', async () => {
    await exec('web', 'kill -QUIT 1')
    await eventually(async () => {
      const { status } = await cluster.get<Pod>('pod web')
      expect(status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true })
    })
    const before = (await cluster.get<PodList>('pods -l app=foo')).items
    await cluster.kubectl(`delete pod ${before[0]?.metadata.name} --wait=false`)
    await eventually(async () => {
      const { items } = await cluster.get<PodList>('pods -l app=foo')
      const fresh = items.filter(({ metadata }) => !before.some((old) => old.metadata.uid === metadata.uid))
      expect(fresh).toHaveLength(1)
      expect(fresh[0]?.status?.phase).toBe('Running')
    })
  })

  test('who takes more memory than allowed is killed, and the limits are those of the cgroup', async () => {
    await cluster.kubectl(['apply', '-f', example('limits')])
    await eventually(async () => {
      const { status } = await cluster.get<Pod>('pod greedy')
      expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 })
    })
    await waitFor('--for=condition=Ready pod/modest')
    const limit = 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max'
    expect((await exec('modest', limit)).trim()).toBe(String(32 * 1024 * 1024))
  })

  test('with a Deployment go its replica sets and pods', async () => {
    await cluster.kubectl('delete deployment foo --wait=false')
    await eventually(async () => {
      expect((await cluster.kubectl('get replicasets,pods -l app=foo -o name')).trim()).toBe('')
    }, 60_000)
  })
})
