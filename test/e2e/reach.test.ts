import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PodList } from '#api/core/v1'
import { CertificateAuthority } from '#pki'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { webOnEveryNode } from './support/web.ts'

const program = fileURLToPath(new URL('support/extension.mjs', import.meta.url))

const nobody = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nobody}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
`

const extension = (folder: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: extension, labels: {app: extension}}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: extension
    image: busybox:1.36
    command: [/bin/busybox, chroot, /machine, ${process.execPath}, ${program}, ${folder}/tls.crt, ${folder}/tls.key]
    volumeMounts: [{name: machine, mountPath: /machine}]
    readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 1}
  volumes: [{name: machine, hostPath: {path: /}}]
---
apiVersion: v1
kind: Service
metadata: {name: extension}
spec:
  selector: {app: extension}
  ports: [{port: 443, targetPort: 8443}]
`

const registrations = (authority: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: extension}
webhooks:
- name: extension.example.com
  clientConfig: {service: {namespace: default, name: extension, path: /admit}, caBundle: ${authority}}
  rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
  sideEffects: None
  admissionReviewVersions: [v1]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.e2e.example.com}
spec:
  group: e2e.example.com
  version: v1
  groupPriorityMinimum: 1000
  versionPriority: 10
  service: {namespace: default, name: extension}
  caBundle: ${authority}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gears.shop.example.com}
spec:
  group: shop.example.com
  scope: Cluster
  names: {plural: gears, singular: gear, kind: Gear}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
  - {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
  conversion:
    strategy: Webhook
    webhook:
      conversionReviewVersions: [v1]
      clientConfig: {service: {namespace: default, name: extension, path: /convert}, caBundle: ${authority}}
`

describeOnMachine('what pods serve to the API server', () => {
  let cluster: E2eCluster
  let pods: PodList['items']

  beforeAll(async () => {
    cluster = await E2eCluster.start({ images: ['busybox'], flags: ['--nodes', '2'] })
    const folder = cluster.machine.folder
    const now = Date.now()
    const root = CertificateAuthority.create('e2e', now, 86_400_000)
    const serving = new CertificateAuthority(root).issue({
      subject: { commonName: 'extension' },
      names: { dnsNames: ['extension.default.svc'] },
      usages: ['server auth', 'digital signature'],
      now,
      lifetimeMs: 86_400_000,
    })
    await writeFile(join(folder, 'tls.crt'), serving.certificate)
    await writeFile(join(folder, 'tls.key'), serving.key)
    await cluster.apply(`${webOnEveryNode}---${nobody}---${extension(folder)}`)
    await cluster.kubectl('rollout status daemonset web --timeout=60s')
    await cluster.kubectl('wait pod extension --for=condition=Ready --timeout=60s')
    await cluster.apply(registrations(Buffer.from(root.certificate).toString('base64')))
    pods = (await cluster.get<PodList>('pods -l app=web')).items
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
  })

  const raw = (path: string): Promise<string> => cluster.kubectl(['get', '--raw', `/api/v1/${path}`])

  test('pods answer through their proxy subresource, which is their own node to their policies', async () => {
    for (const { metadata, spec } of pods) {
      const name = metadata.name ?? ''
      expect((await eventually(() => raw(`namespaces/default/pods/${name}/proxy/`))).trim()).toBe(spec?.nodeName)
      expect((await raw(`namespaces/default/pods/${name}:8080/proxy/index.html`)).trim()).toBe(spec?.nodeName)
    }
  })

  test('a port where nobody listens is told as such', async () => {
    const { err } = await cluster.tryKubectl([
      'get',
      '--raw',
      `/api/v1/namespaces/default/pods/${pods[0]?.metadata.name}:81/proxy/`,
    ])
    expect(err).toContain(`dial tcp ${pods[0]?.status?.podIP}:81: connect: connection refused`)
  })

  test('a Service answers through its proxy subresource, by number and by name, from all of its pods', async () => {
    const answers = new Set<string>()
    await eventually(async () => {
      answers.add((await raw('namespaces/default/services/web:80/proxy/')).trim())
      answers.add((await raw('namespaces/default/services/http:web:/proxy/index.html')).trim())
      expect([...answers].sort()).toEqual([`${cluster.name}-1`, `${cluster.name}-2`])
    })
  })

  test('a node answers through its proxy subresource', async () => {
    expect(await raw(`nodes/${cluster.name}-2/proxy/healthz`)).toBe('ok')
  })

  test('a webhook behind a Service has its say', async () => {
    const create = (name: string, allowed: string): string =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, labels: {allowed: '${allowed}'}}}`
    await eventually(async () => {
      await expect(cluster.apply(create('bad', 'no'))).rejects.toThrow(
        'admission webhook "extension.example.com" denied the request: the pod says no',
      )
    })
    await cluster.apply(create('good', 'yes'))
  })

  test('a webhook behind a Service converts custom resources', async () => {
    await cluster.kubectl('wait crd gears.shop.example.com --for=condition=Established --timeout=30s')
    await eventually(() => cluster.apply('{apiVersion: shop.example.com/v2, kind: Gear, metadata: {name: cog}}'))
    expect(await cluster.get('gears.v1.shop.example.com cog')).toMatchObject({ apiVersion: 'shop.example.com/v1' })
    expect(await cluster.get('gears.v2.shop.example.com cog')).toMatchObject({ apiVersion: 'shop.example.com/v2' })
  })

  test('an API server behind a Service answers for its group', async () => {
    await cluster.kubectl('wait apiservice v1.e2e.example.com --for=condition=Available --timeout=60s')
    expect(await cluster.kubectl('get things.e2e.example.com -o name')).toBe('thing.e2e.example.com/one\n')
  })

  test('the way goes through another node when one has lost its agent', async () => {
    const first = `${cluster.name}-1`
    await cluster.kubectl('delete networkpolicy nobody')
    const ofFirst = pods.find(({ spec }) => spec?.nodeName === first)?.metadata.name ?? ''
    const agent = await cluster.agentPid(first)
    process.kill(agent, 'SIGKILL')
    expect((await eventually(() => raw(`namespaces/default/pods/${ofFirst}/proxy/`))).trim()).toBe(first)
    await eventually(async () => {
      const again = await cluster.agentPid(first)
      expect(again).not.toBe(agent)
      expect((await raw(`nodes/${first}/proxy/healthz`)).trim()).toBe('ok')
    })
    expect((await raw(`namespaces/default/pods/${ofFirst}/proxy/`)).trim()).toBe(first)
  })
})
