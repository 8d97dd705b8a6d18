import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'

/** Members write as somebody who is not root, and only when there is nothing yet. */
const members = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: member}
spec:
  serviceName: member
  replicas: 2
  selector: {matchLabels: {app: member}}
  template:
    metadata: {labels: {app: member}}
    spec:
      terminationGracePeriodSeconds: 0
      securityContext: {runAsUser: 1000, runAsGroup: 1000}
      containers:
      - name: member
        image: busybox:1.36
        command: [sh, -c, 'test -e /data/born || echo $HOSTNAME > /data/born; sleep 1000000']
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
`

describeOnMachine('volumes, without a further install', () => {
  let cluster: E2eCluster

  beforeAll(async () => {
    cluster = await E2eCluster.start({ images: ['busybox'] })
    await cluster.apply(members)
    await cluster.kubectl('rollout status statefulset/member --timeout=60s')
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  test('every member of a StatefulSet has a volume of its own, which its next pod finds again', async () => {
    expect(await cluster.kubectl('exec member-1 -- cat /data/born')).toBe('member-1\n')
    await cluster.kubectl(['exec', 'member-1', '--', 'sh', '-c', 'echo kept >> /data/born'])
    await cluster.kubectl('delete pod member-1')
    await cluster.kubectl('rollout status statefulset/member --timeout=60s')
    await eventually(async () => {
      expect(await cluster.kubectl('exec member-1 -- cat /data/born')).toBe('member-1\nkept\n')
    })
    const { spec } = await cluster.get<PersistentVolumeClaim>('pvc data-member-1')
    expect(spec.storageClassName).toBe('local')
  })

  test('a volume goes with its claim', async () => {
    const {
      spec: { volumeName = '' },
    } = await cluster.get<PersistentVolumeClaim>('pvc data-member-0')
    const { spec } = await cluster.get<PersistentVolume>(`pv ${volumeName}`)
    const { local = { path: '' } } = spec
    expect((await cluster.machine.run(['ls', local.path])).out).toBe('born\n')
    await cluster.kubectl('delete statefulset member')
    await cluster.kubectl('delete pvc data-member-0 data-member-1')
    await eventually(async () => {
      expect((await cluster.kubectl('get pv -o name')).trim()).toBe('')
    })
    expect((await cluster.machine.run(['ls', local.path])).code).not.toBe(0)
  })
})
