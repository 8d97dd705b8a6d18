import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Node, Pod, PodList } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'

describeOnMachine('kubectl on objects', () => {
  let cluster: E2eCluster
  let node: string

  beforeAll(async () => {
    cluster = await E2eCluster.start({ images: ['busybox'] })
    node = `${cluster.name}-1`
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
  })

  const run = (words: string): Promise<string> => cluster.kubectl(words, { timeoutMs: 90_000 })

  test('runs a pod to its end with input and output at this terminal', async () => {
    const said = await cluster.kubectl('run once --image=busybox:1.36 --restart=Never -i --rm --quiet -- cat', {
      input: 'there and back\n',
    })
    expect(said).toBe('there and back\n')
    expect((await cluster.tryKubectl('get pod once')).err).toContain('pods "once" not found')
  })

  test('attach sees what a container prints, and gives it input', async () => {
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: listener}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{name: c, image: 'busybox:1.36', stdin: true, stdinOnce: true, command: [sh, -c, 'read word; echo heard $word']}]
  restartPolicy: Never
`)
    await run('wait --for=condition=Ready pod/listener --timeout=60s')
    expect(await cluster.kubectl('attach -i listener --quiet', { input: 'word\n' })).toBe('heard word\n')
    await run('wait --for=jsonpath={.status.phase}=Succeeded pod/listener --timeout=30s')
  })

  test('debug puts a container into a running pod, and a pod onto a node', async () => {
    await run('run target --image=busybox:1.36 --command -- sleep infinity')
    await run('wait --for=condition=Ready pod/target --timeout=60s')
    const words = 'debug target --image=busybox:1.36 --target=target -c look -- sh -c'.split(' ')
    await cluster.kubectl([...words, 'ps | grep -c "[s]leep infinity"; hostname'])
    await eventually(async () => expect(await cluster.kubectl('logs target -c look')).toBe('1\ntarget\n'))
    expect((await cluster.get<Pod>('pod target')).spec?.ephemeralContainers?.[0]).toMatchObject({ name: 'look' })
    const said = await run(`debug node/${node} --image=busybox:1.36 -- cat /host/etc/os-release`)
    const [, pod = ''] = /debugging pod (\S+) /.exec(said) ?? []
    await eventually(async () => expect(await run(`logs ${pod}`)).toContain('ID='))
    await run('delete pod target --now')
  })

  test('patches in three ways, replaces by force, and applies on the server', async () => {
    await run('create configmap many --from-literal=a=1')
    await cluster.kubectl(['patch', 'configmap', 'many', '--type=merge', '-p', '{"data":{"b":"2"}}'])
    await cluster.kubectl([
      ...'patch configmap many --type=json -p'.split(' '),
      '[{"op":"replace","path":"/data/a","value":"one"}]',
    ])
    expect(await run('get configmap many -o jsonpath={.data}')).toBe('{"a":"one","b":"2"}')
    const uid = await run('get configmap many -o jsonpath={.metadata.uid}')
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: many}\ndata: {c: "3"}\n'
    expect(await cluster.kubectl('replace --force -f -', { input: other })).toContain('replaced')
    expect(await run('get configmap many -o jsonpath={.data}')).toBe('{"c":"3"}')
    expect(await run('get configmap many -o jsonpath={.metadata.uid}')).not.toBe(uid)
    await cluster.kubectl('apply --server-side -f -', { input: other.replace('many', 'served') })
    const conflict = await cluster.tryKubectl('apply --server-side --field-manager=other -f -', {
      input: other.replace('many', 'served').replace('"3"', '"4"'),
    })
    expect(conflict.err).toContain('conflict with "kubectl": .data.c')
  })

  test('kustomize, and apply with what is no longer there', async () => {
    const folder = join(cluster.machine.folder, 'kustomized')
    await mkdir(folder)
    const files = {
      'kustomization.yaml': 'namePrefix: my-\nlabels: [{pairs: {set: k}}]\nresources: [map.yaml]\n',
      'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata: {a: "1"}\n',
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    expect(await run(`kustomize ${folder}`)).toContain('name: my-map')
    expect(await run(`apply -k ${folder}`)).toBe('configmap/my-map created\n')
    await writeFile(join(folder, 'map.yaml'), files['map.yaml'].replace('name: map', 'name: next'))
    const pruned = await run(`apply -k ${folder} --prune -l set=k --prune-allowlist=core/v1/ConfigMap`)
    expect(pruned).toBe('configmap/my-next created\nconfigmap/my-map pruned\n')
  })

  test('deletes owners with their dependents, before them, and without them', async () => {
    for (const cascade of ['background', 'foreground', 'orphan']) {
      await run(`create deployment ${cascade} --image=busybox:1.36 -- sleep infinity`)
      await run(`wait --for=condition=Available deployment/${cascade} --timeout=60s`)
      await run(`delete deployment ${cascade} --cascade=${cascade}`)
      const left = async (): Promise<string> => run(`get replicasets -l app=${cascade} -o name`)
      if (cascade === 'orphan') expect(await left()).toMatch(/^replicaset.apps\/orphan-/)
      else if (cascade === 'foreground') expect(await left()).toBe('')
      else await eventually(async () => expect(await left()).toBe(''))
    }
    await run('delete replicasets --all')
  })

  test('makes tokens that the API server takes, and no longer when their account is gone', async () => {
    await run('create serviceaccount robot')
    const token = (await run('create token robot --duration=10m')).trim()
    const who = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']
    const server = await run('config view --minify -o jsonpath={.clusters[0].cluster.server}')
    const anonymous = ['--kubeconfig=/dev/null', `--server=${server}`, '--insecure-skip-tls-verify', `--token=${token}`]
    expect(await cluster.kubectl([...who, ...anonymous])).toContain('system:serviceaccount:default:robot')
    await run('delete serviceaccount robot')
    await eventually(async () => expect((await cluster.tryKubectl([...who, ...anonymous])).code).not.toBe(0))
  })

  test('cordons, taints and labels nodes', async () => {
    await run(`cordon ${node}`)
    expect(await run('get nodes --no-headers')).toContain('Ready,SchedulingDisabled')
    await run('run waits --image=busybox:1.36 --command -- sleep infinity')
    await eventually(async () => expect(await run('events --for pod/waits')).toContain('were unschedulable'))
    await run(`uncordon ${node}`)
    await run('wait --for=condition=Ready pod/waits --timeout=60s')
    await run(`taint node ${node} only=some:NoExecute`)
    await eventually(async () => {
      const pods = await cluster.get<PodList>('pods -l run=waits')
      expect(pods.items).toEqual([])
    }, 60_000)
    await run(`taint node ${node} only-`)
    await run(`label node ${node} disk=fast`)
    expect(await run('get nodes -l disk=fast -o name')).toBe(`node/${node}\n`)
    expect((await cluster.get<Node>(`node ${node}`)).spec?.taints).toBeUndefined()
  })

  test('tells the events of a pod', async () => {
    await run('run busy --image=busybox:1.36 --command -- sleep infinity')
    await run('wait --for=condition=Ready pod/busy --timeout=60s')
    const events = await run('events --for pod/busy')
    for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started']) expect(events).toContain(` ${reason} `)
    expect(await run('get events --field-selector reason=Started,involvedObject.name=busy -o name')).toContain('event/')
  })

  test('watches with wait, with get -w, and through a rollout that is paused', async () => {
    await run('create deployment paused --image=busybox:1.36 --replicas=2 -- sleep infinity')
    await run('rollout status deployment/paused --timeout=60s')
    await run('rollout pause deployment/paused')
    await run('set env deployment/paused WORD=new')
    await run('set resources deployment/paused --limits=memory=64Mi')
    expect((await run('get replicasets -l app=paused -o name')).trim().split('\n')).toHaveLength(1)
    await run('rollout resume deployment/paused')
    await run('rollout status deployment/paused --timeout=60s')
    expect(await run('set env deployment/paused --list')).toContain('WORD=new')
    await run('rollout restart deployment/paused')
    await run('rollout status deployment/paused --timeout=60s')
    expect((await run('rollout history deployment/paused')).match(/^\d+ /gm)).toHaveLength(3)
    await run('autoscale deployment/paused --min=1 --max=3 --cpu=80%')
    expect(await run('get hpa paused --no-headers')).toContain('Deployment/paused')
    await run('delete deployment paused --wait=false')
    await run('wait --for=delete deployment/paused --timeout=30s')
  })

  test('asks what the API has', async () => {
    expect(await run('api-versions')).toContain('apps/v1')
    expect(await run('explain deployment.spec.strategy --recursive')).toContain('maxSurge')
    expect(await run('auth can-i --list')).toContain('*.*')
    expect(await run('cluster-info')).toContain('is running at')
    expect(await run('get --raw /readyz')).toBe('ok')
    expect(await run('get componentstatuses --no-headers')).toContain('Healthy')
    expect(await run('get all -A -o wide')).toContain('service/kubernetes')
    expect(await run('describe node')).toMatch(/Allocated resources:[^]*cpu/)
    expect(await run('config current-context')).toBe(`k8ts-${cluster.name}\n`)
    const validation = await cluster.tryKubectl('apply -f -', {
      input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndate: {a: b}\n',
    })
    expect(validation.err).toContain('unknown field "date"')
  })
})
