import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { configmaps, pods } from '#api/core/v1'
import { resourceScenarios } from './resource-scenarios.ts'
import type { Rig } from './rig.ts'

type Scenario = (rig: Rig) => Promise<void>

const resources = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } })
const busybox = { name: 'app', image: 'busybox:1.36' }

/** What is to be true of a node with a real runtime, by sentence. */
export const scenarios: { readonly [sentence: string]: Scenario } = {
  'a pod runs with its limits, its log can be read, and nothing of it is left': async (rig) => {
    const name = await rig.create({
      containers: [
        {
          ...busybox,
          command: ['sh', '-c', 'echo hello; trap "" TERM; sleep 1000 & wait; sleep 1000'],
          resources: resources('250m', '32Mi'),
        },
      ],
    })
    await rig.ready(name)
    assert.equal(await rig.get(`/containerLogs/default/${name}/app`), 'hello\n')
    const { uid = '' } = rig.pod(name).metadata
    const memory = '/sys/fs/cgroup/memory/memory.limit_in_bytes'
    assert.equal(
      await rig.exec(name, `cat ${memory} 2>/dev/null || cat /sys/fs/cgroup/memory.max`),
      String(32 * 1024 ** 2),
    )
    assert.match(rig.pod(name).status?.podIP ?? '', /^10\.77\.0\./)
    const started = Date.now()
    await rig.remove(name)
    // It ignores SIGTERM, so that its second of grace passes.
    assert.ok(Date.now() - started >= 900)
    await rig.until('nothing is left', async () => (await rig.leftovers()).length === 0)
    assert.ok(!readdirSync(rig.podLogs).some((folder) => folder.endsWith(uid)))
  },

  'init containers run in order, sidecars stay, and the exit of the last container ends the pod': async (rig) => {
    const volumeMounts = [{ name: 'shared', mountPath: '/shared' }]
    const note = (text: string): string[] => ['sh', '-c', `echo ${text} >>/shared/order`]
    const name = await rig.create({
      restartPolicy: 'Never',
      volumes: [{ name: 'shared', emptyDir: {} }],
      initContainers: [
        { ...busybox, name: 'first', command: note('first'), volumeMounts },
        {
          ...busybox,
          name: 'sidecar',
          restartPolicy: 'Always',
          command: ['sh', '-c', 'echo sidecar >>/shared/order; sleep 1000'],
          volumeMounts,
        },
        { ...busybox, name: 'second', command: ['sh', '-c', 'sleep 0.3; echo second >>/shared/order'], volumeMounts },
      ],
      containers: [
        {
          ...busybox,
          terminationMessagePath: '/dev/termination-log',
          command: ['sh', '-c', 'cat /shared/order; echo done >/dev/termination-log; exit 3'],
          volumeMounts,
        },
      ],
    })
    await rig.until('the pod ends', () => rig.pod(name).status?.phase === 'Failed')
    assert.equal(await rig.get(`/containerLogs/default/${name}/app`), 'first\nsidecar\nsecond\n')
    assert.deepEqual(
      {
        code: rig.container(name).state?.terminated?.exitCode,
        message: rig.container(name).state?.terminated?.message,
      },
      { code: 3, message: 'done\n' },
    )
    assert.ok(rig.container(name, 'sidecar').state?.terminated)
    await rig.remove(name)
  },

  'volumes show what they are made from, also when it changes': async (rig) => {
    await rig.api.create(configmaps, { metadata: { namespace: 'default', name: 'settings' }, data: { a: '1', b: '2' } })
    const name = await rig.create(
      {
        securityContext: { fsGroup: 2000 },
        serviceAccountName: 'default',
        volumes: [
          { name: 'settings', configMap: { name: 'settings' } },
          { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } },
          { name: 'about', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
          {
            name: 'token',
            projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 600 } }] },
          },
        ],
        containers: [
          {
            ...busybox,
            command: ['sleep', '1000'],
            volumeMounts: [
              { name: 'settings', mountPath: '/settings' },
              { name: 'settings', mountPath: '/one', subPath: 'a' },
              { name: 'memory', mountPath: '/memory' },
              { name: 'memory', mountPath: '/below', subPath: 'made/here' },
              { name: 'about', mountPath: '/about' },
              { name: 'token', mountPath: '/token' },
            ],
          },
        ],
      },
      { labels: { app: 'web' } },
    )
    await rig.ready(name)
    assert.equal(await rig.exec(name, 'cat /settings/a /settings/b /one'), '121')
    assert.equal(await rig.exec(name, 'cat /about/labels'), 'app="web"')
    assert.match(await rig.exec(name, 'cat /token/token'), /^token-/)
    assert.match(await rig.exec(name, 'stat -f -c %T /memory; stat -c %g /memory'), /^tmpfs\n2000$/)
    // As file systems in memory are: everybody may write, and nobody remove what is another's; so are folders made in them.
    assert.equal(await rig.exec(name, 'stat -c %a /memory /memory/made /below /about'), '3777\n3777\n3777\n3777')
    assert.match(
      await rig.exec(name, 'grep " /memory " /proc/self/mountinfo'),
      /rw,relatime - tmpfs tmpfs rw,size=4096k/,
    )
    await rig.api.update(configmaps, { metadata: { namespace: 'default', name: 'settings' }, data: { a: '9' } })
    await rig.until('the change shows', async () => (await rig.exec(name, 'cat /settings/a; ls /settings')) === '9a')
    // A sub-path stays what it was.
    assert.equal(await rig.exec(name, 'cat /one'), '1')
    await rig.remove(name)
  },

  'a container whose liveness probe fails starts again, one that is not ready gets no traffic': async (rig) => {
    const name = await rig.create({
      containers: [
        {
          ...busybox,
          command: ['sh', '-c', 'mkdir /www; httpd -p 8080 -h /www; sleep 2; touch /www/ready; sleep 1000'],
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1 },
          livenessProbe: {
            exec: { command: ['sh', '-c', 'test ! -e /tmp/broken'] },
            periodSeconds: 1,
            failureThreshold: 1,
          },
        },
      ],
    })
    await rig.until('it runs', () => rig.pod(name).status?.containerStatuses?.[0]?.state?.running !== undefined)
    assert.equal(rig.isReady(name), false)
    await rig.ready(name)
    await rig.exec(name, 'touch /tmp/broken')
    await rig.until('it was started again', () => rig.container(name).restartCount === 1)
    assert.equal(rig.container(name).lastState?.terminated?.exitCode, 137)
    await rig.ready(name)
    await rig.remove(name)
  },

  'a running container gets another size without a restart': async (rig) => {
    const name = await rig.create({
      containers: [{ ...busybox, command: ['sleep', '1000'], resources: resources('100m', '32Mi') }],
    })
    await rig.ready(name)
    const id = rig.containerId(name)
    const { metadata, spec, status } = rig.pod(name)
    await rig.api.update(pods, {
      metadata: { ...metadata, generation: 2 },
      spec: { ...spec, containers: [{ ...busybox, command: ['sleep', '1000'], resources: resources('200m', '64Mi') }] },
      ...(status ? { status } : {}),
    })
    const isResized = (): boolean => rig.container(name).resources?.limits?.['memory'] === '64Mi'
    await rig.until('the status tells of it', isResized)
    const memory = '/sys/fs/cgroup/memory/memory.limit_in_bytes'
    assert.equal(
      await rig.exec(name, `cat ${memory} 2>/dev/null || cat /sys/fs/cgroup/memory.max`),
      String(64 * 1024 ** 2),
    )
    assert.deepEqual([rig.containerId(name), rig.container(name).restartCount], [id, 0])
    await rig.remove(name)
  },

  'what pods use can be read, as summary and as metrics': async (rig) => {
    const name = await rig.create({ script: 'dd if=/dev/zero of=/tmp/file bs=1024 count=1000; while true; do :; done' })
    await rig.ready(name)
    await pause(1500)
    interface Summary {
      readonly node: { readonly memory: { readonly workingSetBytes: number } }
      readonly pods: readonly {
        readonly podRef: { readonly name: string }
        readonly cpu: { readonly usageCoreNanoSeconds: number }
        readonly network: { readonly name: string }
        readonly containers: readonly { readonly name: string; readonly memory: { readonly workingSetBytes: number } }[]
      }[]
    }
    const summary = JSON.parse(await rig.get('/stats/summary')) as Summary
    const own = summary.pods.find(({ podRef }) => podRef.name === name)
    assert.ok(summary.node.memory.workingSetBytes > 0)
    assert.ok(own && own.cpu.usageCoreNanoSeconds > 100_000_000, JSON.stringify(own))
    assert.equal(own.network.name, 'eth0')
    assert.ok((own.containers[0]?.memory.workingSetBytes ?? 0) > 0)
    const metrics = await rig.get('/metrics/resource')
    assert.match(
      metrics,
      new RegExp(`container_cpu_usage_seconds_total{container="app",namespace="default",pod="${name}"} `),
    )
    const details = await rig.get('/metrics/cadvisor')
    for (const each of ['memory_working_set_bytes', 'memory_cache', 'cpu_user_seconds_total', 'spec_cpu_shares']) {
      assert.match(details, new RegExp(`container_${each}{container="app"`))
    }
    assert.match(details, /^container_processes{container="app",.*} [1-9]/m)
    assert.match(
      details,
      new RegExp(`^container_network_transmit_packets_total{.*interface="eth0".*pod="${name}"} [1-9]`, 'm'),
    )
    await rig.remove(name)
  },

  'a log that grows is cut into pieces of which some are kept': async (rig) => {
    const name = await rig.create({
      script:
        'i=0; while true; do i=$((i+1)); echo "line $i of a log that grows and grows and grows"; ' +
        '[ $((i % 1000)) -ne 0 ] || sleep 0.1; done',
    })
    await rig.ready(name)
    const folder = join(rig.podLogs, `default_${name}_${rig.pod(name).metadata.uid ?? ''}`, 'app')
    await rig.until('a log was set aside and compressed', () =>
      readdirSync(folder).some((file) => file.endsWith('.gz')),
    )
    assert.ok(readdirSync(folder).filter((file) => !file.endsWith('.tmp')).length <= 4)
    await rig.until('it is written on', async () =>
      (await rig.get(`/containerLogs/default/${name}/app?tailLines=1`)).includes('a log that grows'),
    )
    await rig.remove(name)
  },

  'pods live on when the runtime is killed, and when the agent ends': async (rig) => {
    const name = await rig.create({ script: 'while true; do date +%s%N >/dev/null; sleep 0.1; done' })
    await rig.ready(name)
    const id = rig.containerId(name)
    const before = rig.containerdPid
    process.kill(before, 'SIGKILL')
    await rig.until('the runtime is back', () => rig.containerdPid !== before)
    await rig.until('it answers', async () => (await rig.exec(name, 'echo alive').catch(() => '')) === 'alive')
    await rig.until('the node is ready', () => rig.nodeIsReady())
    await rig.stopAgent()
    await rig.startAgent()
    await pause(2000)
    assert.deepEqual([rig.containerId(name), rig.container(name).restartCount, rig.isReady(name)], [id, 0, true])
    await rig.remove(name)
    await rig.until('nothing is left', async () => (await rig.leftovers()).length === 0)
  },

  'a runtime that is killed while it starts runs once in the end': async (rig) => {
    for (let kill = 0; kill < 6; kill++) {
      const before = rig.containerdPid
      process.kill(before, 'SIGKILL')
      await rig.until('another was started', () => rig.containerdPid !== before)
      await pause(kill * 30)
    }
    const name = await rig.ready(await rig.create({}))
    assert.equal(rig.runtimes().length, 1)
    await rig.remove(name)
    await rig.until('nothing is left', async () => (await rig.leftovers()).length === 0)
  },

  'out of memory is told as such, and other pods do not notice': async (rig) => {
    const other = await rig.ready(await rig.create({}))
    const name = await rig.create({
      restartPolicy: 'Never',
      containers: [{ ...busybox, command: ['sh', '-c', 'tail /dev/zero'], resources: resources('500m', '16Mi') }],
    })
    await rig.until('it ends', () => rig.pod(name).status?.phase === 'Failed')
    assert.deepEqual(
      [rig.container(name).state?.terminated?.reason, rig.container(name).state?.terminated?.exitCode],
      ['OOMKilled', 137],
    )
    assert.deepEqual([rig.isReady(other), rig.container(other).restartCount], [true, 0])
    await rig.remove(name)
    await rig.remove(other)
  },

  'the security context is what the process sees': async (rig) => {
    const name = await rig.create({
      securityContext: {
        runAsUser: 1001,
        runAsGroup: 3000,
        supplementalGroups: [4000],
        sysctls: [{ name: 'net.ipv4.ip_local_port_range', value: '20000 30000' }],
      },
      containers: [
        {
          ...busybox,
          command: ['sleep', '1000'],
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    })
    await rig.ready(name)
    assert.equal(await rig.exec(name, 'id -u; id -g; id -G'), '1001\n3000\n3000 4000')
    assert.equal(
      await rig.exec(name, 'grep -E "^(NoNewPrivs|CapEff|Seccomp):" /proc/1/status | tr -d "\\t"'),
      'CapEff:0000000000000000\nNoNewPrivs:1\nSeccomp:2',
    )
    assert.match(await rig.exec(name, 'touch /file; true'), /Read-only file system/)
    assert.match(await rig.exec(name, 'cat /proc/sys/net/ipv4/ip_local_port_range'), /^20000\s+30000$/)
    await rig.remove(name)
  },

  'a sandbox is confined by a profile that fits its program': async (rig) => {
    const name = await rig.create({ shareProcessNamespace: true })
    await rig.ready(name)
    assert.equal(
      await rig.exec(name, 'cat /proc/1/comm; grep "^Seccomp:" /proc/1/status | tr -d "\\t"'),
      'pause\nSeccomp:2',
    )
    const tasks = join(rig.folder, 'state', 'io.containerd.runtime.v2.task', 'k8s.io')
    const sandbox = readdirSync(tasks)
      .map((id) => JSON.parse(readFileSync(join(tasks, id, 'config.json'), 'utf8')))
      .find(({ annotations }) => annotations['io.kubernetes.cri.container-type'] === 'sandbox')
    const { defaultAction, syscalls } = sandbox.linux.seccomp
    assert.deepEqual([defaultAction, syscalls.length], ['SCMP_ACT_ERRNO', 1])
    for (const other of ['mount', 'bind', 'ptrace', 'setns']) assert.ok(!syscalls[0].names.includes(other))
    await rig.remove(name)
  },

  ...resourceScenarios,
}

/** For a failure: what the node's containers wrote last. */
export function tailOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-2000)
  } catch {
    return ''
  }
}
