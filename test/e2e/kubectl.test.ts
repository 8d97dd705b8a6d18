import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'

const shell = `
apiVersion: v1
kind: Pod
metadata: {name: shell, labels: {app: shell}}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: shell
    image: busybox:1.36
    command: [sh, -c, 'for i in 1 2 3; do echo line $i; sleep 1; done; mkdir /www; echo served > /www/index.html; exec httpd -f -p 8080 -h /www']
`

describeOnMachine('unmodified kubectl', () => {
  let cluster: E2eCluster
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8ts-kubectl-'))
    cluster = await E2eCluster.start({ images: ['busybox', 'tools'] })
    await cluster.apply(shell)
    await cluster.kubectl('wait --for=condition=Ready pod/shell --timeout=60s')
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  test('logs -f follows until the container ends', async () => {
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: counter}
spec:
  restartPolicy: Never
  containers: [{name: c, image: 'busybox:1.36', command: [sh, -c, 'for i in 1 2 3 4; do echo $i; sleep 0.5; done']}]
`)
    await eventually(async () => {
      expect((await cluster.get<Pod>('pod counter')).status?.phase).not.toBe('Pending')
    })
    expect(await cluster.kubectl('logs -f counter')).toBe('1\n2\n3\n4\n')
    expect(await cluster.kubectl('logs counter --tail=1')).toBe('4\n')
    expect(await cluster.kubectl('logs counter --timestamps --tail=1')).toMatch(/^\d{4}-\d\d-\d\dT\S+Z 4\n$/)
    expect((await cluster.get<Pod>('pod counter')).status?.phase).toBe('Succeeded')
  })

  test('exec carries input, output, errors, the exit status and a terminal', async () => {
    expect(await cluster.kubectl('exec -i shell -- cat', { input: 'there and back\n' })).toBe('there and back\n')
    const long = 'a'.repeat(20_000)
    expect(await cluster.kubectl(['exec', 'shell', '--', 'echo', long])).toBe(`${long}\n`)
    const failed = await cluster.tryKubectl(['exec', 'shell', '--', 'sh', '-c', 'echo no >&2; exit 7'])
    expect(failed).toMatchObject({ code: 7, out: '', err: expect.stringContaining('no\n') })
    const words = [...cluster.kubectlWords('exec -it shell -- sh -c'), '"tty; stty size"'].join(' ')
    const terminal = await cluster.machine.run(['script', '-qec', words, '/dev/null'])
    expect(terminal.out).toMatch(/\/dev\/pts\/\d+/)
  })

  test('a container has no huge pages unless it asks for them', async () => {
    for (const folder of await readdir('/sys/kernel/mm/hugepages')) {
      const kibibytes = Number(/^hugepages-(\d+)kB$/.exec(folder)?.[1])
      const size = kibibytes >= 1024 * 1024 ? `${kibibytes / 1024 / 1024}GB` : `${kibibytes / 1024}MB`
      const read = `cd /sys/fs/cgroup; cat hugetlb/hugetlb.${size}.limit_in_bytes || cat hugetlb.${size}.max`
      expect(await cluster.kubectl(['exec', 'shell', '--', 'sh', '-c', read])).toBe('0\n')
    }
  })

  test('cp brings files in and out', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
    await writeFile(join(folder, 'there'), bytes)
    await cluster.kubectl(['cp', join(folder, 'there'), 'shell:/tmp/file'])
    await cluster.kubectl(['cp', 'shell:/tmp/file', join(folder, 'back')])
    expect((await readFile(join(folder, 'back'))).equals(bytes)).toBe(true)
  })

  test('port-forward leads to a port of a pod', async () => {
    const forward = cluster.machine.spawn(cluster.kubectlWords('port-forward pod/shell 18080:8080'))
    try {
      await eventually(async () => {
        const ask = "fetch('http://127.0.0.1:18080/').then((r) => r.text()).then((t) => process.stdout.write(t))"
        const { out } = await cluster.machine.run([process.execPath, '-e', ask], { timeoutMs: 3000 })
        expect(out).toBe('served\n')
      })
    } finally {
      forward.kill('SIGINT')
    }
  })

  test('edits, labels, annotates, explains and shows differences', async () => {
    await cluster.kubectl('create configmap settings --from-literal=color=blue')
    await cluster.kubectl('label configmap settings tier=front')
    await cluster.kubectl('annotate configmap settings note=first')
    await cluster.kubectl('edit configmap settings', { environment: { KUBE_EDITOR: 'sed -i s/blue/green/' } })
    expect(await cluster.kubectl('get configmap settings -o jsonpath={.data.color}{.metadata.labels.tier}')).toBe(
      'greenfront',
    )
    expect(await cluster.kubectl('explain pod.spec.containers.image')).toMatch(/FIELD: image <string>/)
    const { code, out } = await cluster.tryKubectl('diff -f -', {
      input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: default}\ndata: {color: red}\n',
    })
    expect(code).toBe(1)
    expect(out).toMatch(/^-  color: green\n\+  color: red$/m)
    expect(await cluster.kubectl('auth can-i delete nodes')).toBe('yes\n')
    expect((await cluster.tryKubectl('auth can-i delete nodes --as=alice')).out).toBe('no\n')
    expect(await cluster.kubectl('api-resources -o name')).toContain('deployments.apps')
    expect(await cluster.kubectl('version')).toContain('Server Version: v1.36.2')
  })

  test('a ConfigMap that changes reaches the volumes of running pods', async () => {
    await cluster.kubectl('create configmap live --from-literal=word=old')
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: reader}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: c
    image: busybox:1.36
    command: [sleep, infinity]
    volumeMounts: [{name: live, mountPath: /live}]
  volumes: [{name: live, configMap: {name: live}}]
`)
    await cluster.kubectl('wait --for=condition=Ready pod/reader --timeout=60s')
    expect(await cluster.kubectl('exec reader -- cat /live/word')).toBe('old')
    await cluster.kubectl(['patch', 'configmap', 'live', '-p', '{"data":{"word":"new"}}'])
    await eventually(async () => expect(await cluster.kubectl('exec reader -- cat /live/word')).toBe('new'), 100_000)
  })

  test('probes decide when a pod is ready and when a container starts again', async () => {
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: probed}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: c
    image: busybox:1.36
    command: [sh, -c, 'touch /tmp/alive; exec sleep infinity']
    readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1}
    livenessProbe: {exec: {command: [test, -e, /tmp/alive]}, periodSeconds: 1, failureThreshold: 1, initialDelaySeconds: 1}
`)
    await cluster.kubectl('wait --for=jsonpath={.status.phase}=Running pod/probed --timeout=60s')
    expect(await cluster.kubectl('get pod probed --no-headers')).toMatch(/^probed +0\/1 +Running/)
    await cluster.kubectl('exec probed -- touch /tmp/ready')
    await cluster.kubectl('wait --for=condition=Ready pod/probed --timeout=30s')
    await cluster.kubectl('exec probed -- rm /tmp/alive')
    await eventually(async () => {
      expect((await cluster.get<Pod>('pod probed')).status?.containerStatuses?.[0]?.restartCount).toBe(1)
    })
    expect(await cluster.kubectl('describe pod probed')).toContain('Liveness probe failed')
  })

  test('a pod reaches the API server with the token of its service account, and may what its roles say', async () => {
    await cluster.kubectl('create serviceaccount asker')
    await cluster.kubectl('create role reader --verb=get,list --resource=pods')
    await cluster.kubectl('create rolebinding asker --role=reader --serviceaccount=default:asker')
    const folder = '/var/run/secrets/kubernetes.io/serviceaccount'
    const ask = (path: string): Promise<string> =>
      cluster.kubectl([
        ...'exec asker -- sh -c'.split(' '),
        `curl -s -m 5 --cacert ${folder}/ca.crt -H "Authorization: Bearer $(cat ${folder}/token)" https://kubernetes.default.svc${path}`,
      ])
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: asker}
spec:
  serviceAccountName: asker
  terminationGracePeriodSeconds: 0
  containers: [{name: c, image: 'tools:1', command: [sleep, infinity]}]
`)
    await cluster.kubectl('wait --for=condition=Ready pod/asker --timeout=60s')
    expect(await ask('/api/v1/namespaces/default/pods')).toContain('"kind": "PodList"')
    expect(await ask('/api/v1/nodes')).toContain(
      'nodes is forbidden: User \\"system:serviceaccount:default:asker\\" cannot list resource \\"nodes\\"',
    )
  })
})
