import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { allPids, containerProcesses, leftoversOf } from './support/leftovers.ts'
import { describeOnMachine } from './support/describe.ts'
import { Machine } from './support/machine.ts'

describeOnMachine('life of a cluster', () => {
  test('is up in seconds, leaves nothing when it stops, and finds its objects when it starts again', async () => {
    const cluster = await E2eCluster.start()
    try {
      expect(cluster.output).toContain(`Context k8ts-${cluster.name} was added to ${cluster.kubeconfig}`)
      await cluster.kubectl('create namespace kept')
      await cluster.end('SIGINT')
      expect(await leftoversOf(cluster.name, cluster.machine)).toEqual([])
      await cluster.up()
      expect(await cluster.kubectl('get namespace kept -o name')).toBe('namespace/kept\n')
      expect(await cluster.k8ts(['status'])).toMatch(/^Cluster e2e-\w+ runs: https:\/\/127\.0\.0\.1:6443, process \d+/)
      await cluster.k8ts(['down'])
      expect(await leftoversOf(cluster.name, cluster.machine)).toEqual([])
      await cluster.k8ts(['down', '--delete'])
      expect(existsSync(cluster.dataDir)).toBe(false)
    } finally {
      await cluster[Symbol.asyncDispose]()
    }
  })

  test(
    'kill -9 of everything leaves what down takes away, and two clusters do not disturb each other',
    { timeout: 240_000 },
    async () => {
      await using machine = await Machine.create()
      await using second = await E2eCluster.start({ machine, images: ['busybox'], flags: ['--nodes', '2'] })
      await second.apply(web('second'))
      await second.kubectl('wait --for=condition=Ready pod --all --timeout=60s')
      const [others, running] = [await leftoversOf('nobody', machine), lasting(second)]
      {
        await using first = await E2eCluster.start({ machine, images: ['busybox'] })
        await first.apply(web('first'))
        await first.kubectl('wait --for=condition=Ready pod --all --timeout=60s')
        for (const [cluster, word] of [
          [first, 'first'],
          [second, 'second'],
        ] as const) {
          await eventually(async () => expect(await cluster.kubectl(asking)).toBe(`${word}\n`))
        }
        expect(await first.kubectl('get nodes -o name')).toBe(`node/${first.name}-1\n`)
        for (const pid of allPids(first.name)) {
          try {
            process.kill(pid, 'SIGKILL')
          } catch {
            // It went with another.
          }
        }
        await first.end('SIGKILL')
        expect(await second.kubectl(asking)).toBe('second\n')
        await first.k8ts(['down'])
        expect(await leftoversOf(first.name, machine)).toEqual(others)
        await first.up()
        await eventually(async () => expect(await first.kubectl(asking)).toBe('first\n'), 90_000)
      }
      expect(await leftoversOf('nobody', machine)).toEqual(others)
      expect(await second.kubectl(asking)).toBe('second\n')
      expect(lasting(second)).toEqual(running)
    },
  )
})

/** Processes in containers, without those that we started to ask. */
const lasting = ({ name }: E2eCluster): string[] =>
  containerProcesses(name)
    .filter((line) => !line.startsWith('timeout '))
    .sort()

const asking = 'exec client -- timeout 5 wget -qO- http://web/'

/** A pod that serves a word, its Service, and a pod to ask from. */
const web = (word: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: web
    image: busybox:1.36
    command: [sh, -c, 'mkdir -p /www; echo ${word} > /www/index.html; exec httpd -f -p 8080 -h /www']
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{name: client, image: 'busybox:1.36', command: [sleep, infinity]}]
`
