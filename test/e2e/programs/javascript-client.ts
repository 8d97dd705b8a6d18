/**
 * Does with the official JavaScript client what operators do with it, and prints as JSON what it saw. It runs inside of a
 * machine under test. Parameters: kubeconfig, a folder for files.
 */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import * as k8s from '@kubernetes/client-node'

const [kubeconfig = '', folder = ''] = process.argv.slice(2)
const config = new k8s.KubeConfig()
config.loadFromFile(kubeconfig)
const core = config.makeApiClient(k8s.CoreV1Api)
const apps = config.makeApiClient(k8s.AppsV1Api)
const namespace = 'default'
const name = 'js'
const container = 'c'
const podsPath = `/api/v1/namespaces/${namespace}/pods`

const server =
  'mkdir /www; echo served > /www/index.html; httpd -p 8080 -h /www; ' +
  'i=0; while true; do i=$((i+1)); echo line $i; sleep 0.2; done'

const pod: k8s.V1Pod = {
  metadata: { name, labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: container, image: 'busybox:1.36', command: ['sh', '-c', server] }],
  },
}

async function until<T>(task: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const value = await Promise.resolve(task()).catch(() => undefined)
    if (value) return value
    if (Date.now() > deadline) throw new Error(`waited in vain: ${task.toString()}`)
    await pause(50)
  }
}

/** What comes out of a stream, as it grows. */
function collector(): { readonly stream: PassThrough; text(): string } {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { stream, text: () => text }
}

/** Sees the pod from its making to its end. */
async function informAndWatch(): Promise<() => Promise<unknown>> {
  const informed: string[] = []
  const informer = k8s.makeInformer(config, podsPath, () => core.listNamespacedPod({ namespace }), `app=${name}`)
  const note =
    (verb: string) =>
    ({ status }: k8s.V1Pod): number =>
      informed.push(`${verb} ${status?.phase ?? ''}`)
  informer.on('add', note('add'))
  informer.on('update', note('update'))
  informer.on('delete', note('delete'))
  await informer.start()
  const watched: string[] = []
  let end: unknown = 'open'
  const watch = await new k8s.Watch(config).watch(
    podsPath,
    { allowWatchBookmarks: true, labelSelector: `app=${name}` },
    (phase, object: k8s.V1Pod) => watched.push(`${phase} ${object.status?.phase ?? ''}`),
    (error) => (end = error),
  )
  return async () => {
    await until(() => informed.some((line) => line.startsWith('delete')) && watched.at(-1)?.startsWith('DELETED'))
    const cached = informer.list(namespace).length
    await informer.stop()
    watch.abort()
    await until(() => end !== 'open')
    return { informed: [...new Set(informed)], watched: [...new Set(watched)], cached }
  }
}

async function exec(): Promise<unknown> {
  const [out, err] = [collector(), collector()]
  const input = new PassThrough()
  const ended = new Promise<k8s.V1Status>((resolve, reject) => {
    new k8s.Exec(config)
      .exec(
        namespace,
        name,
        container,
        ['sh', '-c', 'read word; echo heard $word; echo no >&2; exit 3'],
        out.stream,
        err.stream,
        input,
        false,
        resolve,
      )
      .catch(reject)
  })
  input.write('word\n')
  const { status, details } = await ended
  return { out: out.text(), err: err.text(), status, code: details?.causes?.[0]?.message }
}

async function attach(): Promise<unknown> {
  const out = collector()
  const socket = await new k8s.Attach(config).attach(namespace, name, container, out.stream, null, null, false)
  await until(() => /line \d+\n/.test(out.text()))
  socket.close()
  return 'lines'
}

async function log(): Promise<unknown> {
  const all = collector()
  const controller = await new k8s.Log(config).log(namespace, name, container, all.stream, { follow: true })
  await until(() => all.text().split('\n').length > 5)
  controller.abort()
  const last = await core.readNamespacedPodLog({ namespace, name, tailLines: 1 })
  return { first: all.text().split('\n')[0], last: /^line \d+\n$/.test(last) }
}

async function portForward(): Promise<unknown> {
  const forward = new k8s.PortForward(config)
  const listener = createServer((socket) => {
    void forward.portForward(namespace, name, [8080], socket, null, socket)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
      if (!text.includes('served')) return
      socket.destroy()
      resolve(text)
    })
    socket.on('error', reject)
    socket.write('GET / HTTP/1.0\r\n\r\n')
  })
  listener.close()
  return answer.split('\r\n')[0]
}

/** Only in: what the client brings out it does not unpack. */
async function copy(): Promise<unknown> {
  await writeFile(join(folder, 'there'), 'x'.repeat(100_000))
  await new k8s.Cp(config).cpToPod(namespace, name, container, folder, '/tmp')
  return until(async () => {
    const out = collector()
    const size = ['stat', '-c', '%s', '/tmp/there']
    const socket = await new k8s.Exec(config).exec(namespace, name, container, size, out.stream, null, null, false)
    await new Promise((resolve) => (socket.onclose = resolve))
    return out.text() === '100000\n'
  })
}

async function patch(): Promise<unknown> {
  const body = { metadata: { annotations: { patched: 'merge' } } }
  const merged = await core.patchNamespacedPod(
    { namespace, name, body },
    k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch),
  )
  const json = await core.patchNamespacedPod(
    { namespace, name, body: [{ op: 'replace', path: '/metadata/annotations/patched', value: 'json' }] },
    k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.JsonPatch),
  )
  const objects = k8s.KubernetesObjectApi.makeApiClient(config)
  const settings: k8s.KubernetesObject & { readonly data: object } = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'js', namespace },
    data: { color: 'blue' },
  }
  const applied = await objects.patch(settings, undefined, undefined, 'js', true, k8s.PatchStrategy.ServerSideApply)
  return [
    merged.metadata?.annotations?.['patched'],
    json.metadata?.annotations?.['patched'],
    applied.metadata?.managedFields?.[0]?.operation,
  ]
}

async function lists(): Promise<unknown> {
  for (let i = 0; i < 5; i++) {
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: `page-${i}`, labels: { page: '1' } } },
    })
  }
  const names: (string | undefined)[] = []
  let next: string | undefined
  do {
    const page = await core.listNamespacedConfigMap({
      namespace,
      labelSelector: 'page=1',
      limit: 2,
      ...(next ? { _continue: next } : {}),
    })
    names.push(...page.items.map(({ metadata }) => metadata?.name))
    next = page.metadata?._continue
  } while (next)
  return names
}

async function errors(): Promise<unknown> {
  const missing: unknown = await core.readNamespacedPod({ namespace, name: 'nobody' }).catch((error: unknown) => error)
  assert(missing instanceof k8s.ApiException)
  const { reason, message } = JSON.parse(String(missing.body)) as k8s.V1Status
  return { code: missing.code, reason, message }
}

async function scale(): Promise<unknown> {
  const labels = { app: 'js-scaled' }
  const body: k8s.V1Deployment = {
    metadata: { name: 'js' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: container, image: 'busybox:1.36', command: ['sleep', 'infinity'] }],
        },
      },
    },
  }
  await apps.createNamespacedDeployment({ namespace, body })
  const subject = await until(async () => {
    const found = await apps.readNamespacedDeploymentScale({ namespace, name: 'js' })
    if (found.spec) found.spec.replicas = 2
    // Somebody may be quicker; then it is read again.
    return apps.replaceNamespacedDeploymentScale({ namespace, name: 'js', body: found })
  })
  assert.equal(subject.spec?.replicas, 2)
  const { status } = await until(async () => {
    const deployment = await apps.readNamespacedDeploymentStatus({ namespace, name: 'js' })
    return deployment.status?.readyReplicas === 2 ? deployment : undefined
  })
  await apps.deleteNamespacedDeployment({ namespace, name: 'js', propagationPolicy: 'Foreground' })
  return status?.replicas
}

const seen: { [what: string]: unknown } = {}
const followed = await informAndWatch()
await core.createNamespacedPod({ namespace, body: pod })
await until(async () => {
  const { status } = await core.readNamespacedPod({ namespace, name })
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'
})
for (const task of [exec, attach, log, portForward, copy, patch, lists, errors, scale]) {
  seen[task.name] = await task().catch((error: unknown) => (error instanceof Error ? error.stack : error))
}
seen['nodes'] = (await k8s.topNodes(core)).length
await core.deleteNamespacedPod({ namespace, name })
seen['followed'] = await followed()
process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0))
