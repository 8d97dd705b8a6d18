import { configmaps, persistentvolumeclaims, persistentvolumes, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { expect, shell } from './task.ts'
import type { Task } from './task.ts'

/** What a pod may ask of its node: volumes, identity, hooks, probes, restarts; and streams through the API server. */
export const podTask: Task = {
  name: 'pod',
  async run(desk) {
    const { client, namespace } = desk
    await client.create(configmaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace, name: 'words' },
      data: { word: 'one' },
    })
    const account = '/var/run/secrets/kubernetes.io/serviceaccount'
    const script = [
      'echo "$WORD on $NODE"; echo begun > /data/mark',
      `curl -sSfm 5 --retry 10 --retry-all-errors --retry-delay 1 --cacert ${account}/ca.crt -H "Authorization: Bearer $(cat ${account}/token)" https://kubernetes.default.svc/version | grep gitVersion`,
      'touch /tmp/ready; exec sleep 3600',
    ].join('; ')
    const main = {
      ...shell(script),
      env: [
        { name: 'WORD', valueFrom: { configMapKeyRef: { name: 'words', key: 'word' } } },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      ],
      volumeMounts: [
        { name: 'words', mountPath: '/words' },
        { name: 'data', mountPath: '/data' },
      ],
      readinessProbe: { exec: { command: ['test', '-e', '/tmp/ready'] }, periodSeconds: 1 },
      resources: { limits: { memory: '64Mi', cpu: '500m' }, requests: { memory: '32Mi', cpu: '50m' } },
    }
    await client.create(persistentvolumes, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: namespace },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: namespace,
        hostPath: { path: `/tmp/${namespace}`, type: 'DirectoryOrCreate' },
      },
    })
    await client.create(persistentvolumeclaims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { namespace, name: 'data' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: namespace,
        resources: { requests: { storage: '1Gi' } },
      },
    })
    await client.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: 'all' },
      spec: {
        terminationGracePeriodSeconds: 1,
        initContainers: [
          shell('cat /proc/self/cgroup > /dev/null'),
          { ...shell('sleep 3600'), name: 'sidecar', restartPolicy: 'Always' },
        ].map((container, index) => ({ ...container, name: `init-${index}` })),
        containers: [main],
        volumes: [
          { name: 'words', configMap: { name: 'words' } },
          { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        ],
      },
    })
    await desk.until(pods, 'all', isReady)
    const log = await desk.kubectl('logs', 'all', '-c', 'shell')
    expect(log.includes(`one on ${desk.nodeName}`) && log.includes('gitVersion'), `a log, not ${JSON.stringify(log)}`)
    const shown = await desk.kubectl('exec', 'all', '-c', 'shell', '--', 'cat', '/words/word', '/data/mark')
    expect(shown === 'onebegun\n', `what volumes hold, not ${JSON.stringify(shown)}`)
    await client.patch(configmaps, desk.key('words'), { type: 'merge', patch: { data: { word: 'two' } } })
    await desk.eventually('the new word in the volume', async () => {
      return (await desk.kubectl('exec', 'all', '-c', 'shell', '--', 'cat', '/words/word')) === 'two'
    })
    await desk.kubectl('exec', 'all', '-c', 'shell', '--', 'sh', '-c', 'kill 1; rm /tmp/ready').catch(() => undefined)
    await desk.eventually('no claim in use after the pod', async () => {
      await client.delete(pods, desk.key('all')).catch(() => undefined)
      return (await desk.all(pods)).length === 0
    })
    await client.delete(persistentvolumeclaims, desk.key('data'))
    await desk.until(persistentvolumes, namespace, (volume) => volume?.status?.phase === 'Released')
    await client.delete(persistentvolumes, { name: namespace })
    await desk.until(persistentvolumes, namespace, (volume) => volume === undefined)

    const restarting = shell('sleep 1; exit 1')
    await client.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: 'restarts' },
      spec: { containers: [restarting], terminationGracePeriodSeconds: 1 },
    })
    await desk.until(pods, 'restarts', (pod) => (pod?.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2)
  },
}

const isReady = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
