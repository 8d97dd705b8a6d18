import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Node, PodList, Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Ingress } from '#api/networking/v1'
import { runCommand } from '#network'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'

/** Programs of the machine are the pods' too: they speak TLS. */
const web = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: web
        image: busybox:1.36
        command: [sh, -c, 'mkdir /www; echo $NODE > /www/index.html; exec httpd -f -p 8080 -h /www']
        env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
        ports: [{containerPort: 8080, hostPort: 8088}]
        readinessProbe: {httpGet: {port: 8080, path: /}, periodSeconds: 1}
        volumeMounts: [{name: machine, mountPath: /machine}]
      volumes: [{name: machine, hostPath: {path: /}}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: web.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`

const nobody = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nobody}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
`

const clusterPolicies = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: clusternetworkpolicies.policy.networking.k8s.io
  annotations: {api-approved.kubernetes.io: https://github.com/kubernetes-sigs/network-policy-api/pull/30}
spec:
  group: policy.networking.k8s.io
  scope: Cluster
  names: {plural: clusternetworkpolicies, singular: clusternetworkpolicy, kind: ClusterNetworkPolicy, shortNames: [cnp]}
  versions:
  - name: v1beta1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

const everybodyOut = `
apiVersion: policy.networking.k8s.io/v1beta1
kind: ClusterNetworkPolicy
metadata: {name: everybody-out}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: default}}}
  ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 8080}}}]}]
`

/** Asks by HTTP; prints what came. */
const asking = `
const [url, host] = process.argv.slice(1)
const request = require('node:http').get(url, { timeout: 1000, headers: host ? { host } : {} }, (response) => {
  let text = ''
  response.on('data', (data) => (text += data)).on('end', () => console.log(text.trim()))
})
request.on('timeout', () => request.destroy(new Error('timeout')))
request.on('error', (error) => console.log('error', error.code ?? error.message))
`

/** Asks the API server as a pod finds it, and takes no certificate but one for that address. */
const askingApi = `
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, TOKEN: token, CA: ca } = process.env
const options = { host, port, ca, agent: false, path: '/api/v1', headers: { authorization: 'Bearer ' + token } }
require('node:https').get(options, (response) => response.resume().on('end', () => console.log(host, response.statusCode)))
`

const folder = '/var/run/secrets/kubernetes.io/serviceaccount'
const inMachine = `CA="$(cat ${folder}/ca.crt)" TOKEN="$(cat ${folder}/token)" exec /bin/busybox chroot /machine "$@"`

describeOnMachine('clusters of IPv6 alone', () => {
  let cluster: E2eCluster
  let pods: PodList['items']
  beforeAll(async () => {
    cluster = await E2eCluster.start({ flags: ['--nodes', '2', '--ip-families', 'ipv6'], images: ['busybox'] })
    await cluster.apply(web)
    await cluster.kubectl('rollout status daemonset web --timeout=60s')
    pods = (await cluster.get<PodList>('pods -l app=web')).items
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const nameOf = (index: number): string => pods[index]?.metadata?.name ?? ''
  const nodeOf = (index: number): string => pods[index]?.spec?.nodeName ?? ''
  const addressOf = (index: number): string => pods[index]?.status?.podIP ?? ''
  const inPod = (index: number, ...words: string[]): Promise<string> =>
    cluster.kubectl(['exec', nameOf(index), '--', ...words])
  const fetch = async (index: number, place: string): Promise<string> =>
    (await inPod(index, 'timeout', '3', 'wget', '-qO-', `http://${place}/`)).trim()
  const ask = async (place: string, host = ''): Promise<string> =>
    (await cluster.machine.run([process.execPath, '-e', asking, `http://${place}/`, host])).out.trim()
  const inNode = (node: string, ...words: string[]): Promise<string> =>
    runCommand(['nsenter', `--net=/run/k8ts/${cluster.name}/network/netns/node-${node}`, ...words])
  const internalIPs = async (node: string): Promise<string[]> =>
    ((await cluster.get<Node>(`node ${node}`)).status?.addresses ?? [])
      .filter(({ type }) => type === 'InternalIP')
      .map(({ address }) => address)

  test('have no other addresses: nodes, pods, Services, the API and the DNS', async () => {
    for (const index of [0, 1]) {
      expect(await internalIPs(nodeOf(index))).toEqual([expect.stringMatching(/^fd84:ac/)])
      expect(pods[index]?.status?.podIPs).toEqual([{ ip: expect.stringMatching(/^fd84:244:/) }])
      expect(pods[index]?.status?.hostIP).toMatch(/^fd84:ac/)
      expect(await inPod(index, 'ip', '-4', 'addr', 'show', 'eth0')).toBe('')
      expect(await inPod(index, 'cat', '/etc/resolv.conf')).toContain('nameserver fd84:96::a\n')
    }
    const { spec } = await cluster.get<Service>('service kubernetes')
    expect([spec?.clusterIPs, spec?.ipFamilies]).toEqual([['fd84:96::1'], ['IPv6']])
    const { addressType, endpoints } = await cluster.get<EndpointSlice>('endpointslice kubernetes')
    expect({ addressType, endpoints }).toEqual({
      addressType: 'IPv6',
      endpoints: [expect.objectContaining({ addresses: [expect.stringMatching(/^fd84:ac.*::1$/)] })],
    })
  })

  test('have pods that reach each other, Services, names, node ports and host ports', async () => {
    const { spec } = await cluster.get<Service>('service web')
    const port = spec?.ports?.[0]?.nodePort ?? 0
    for (const index of [0, 1]) {
      const far = 1 - index
      expect(await fetch(index, `[${addressOf(far)}]:8080`)).toBe(nodeOf(far))
      const [node = ''] = await internalIPs(nodeOf(far))
      expect(await fetch(index, `[${node}]:8088`)).toBe(nodeOf(far))
      for (const place of [`[${spec?.clusterIP}]`, 'web', 'web.default.svc.cluster.local', `[${node}]:${port}`]) {
        expect(await eventually(() => fetch(index, place)), place).toMatch(/^e2e-/)
      }
    }
    expect(await inPod(0, 'nslookup', '-type=aaaa', 'web.default.svc.cluster.local')).toContain(spec?.clusterIP)
    const headless = await inPod(0, 'nslookup', '-type=aaaa', 'headless.default.svc.cluster.local')
    for (const index of [0, 1]) expect(headless).toContain(addressOf(index))
    // What runs on the node itself finds Services too, though nothing leads out of here by IPv6.
    const url = `http://[${spec?.clusterIP}]/`
    expect((await inNode(nodeOf(0), process.execPath, '-e', asking, url)).trim()).toMatch(/^e2e-/)
  })

  test('answer pods at the address that these are told, with a certificate for it', async () => {
    for (const index of [0, 1]) {
      const answer = await inPod(index, 'sh', '-c', inMachine, 'sh', process.execPath, '-e', askingApi)
      expect(answer.trim()).toBe('fd84:96::1 200')
    }
  })

  test('are reached from the machine: through the API server, at node ports, load balancers and Ingresses', async () => {
    expect(await cluster.kubectl('get --raw /api/v1/namespaces/default/services/web:80/proxy/')).toMatch(/^e2e-/)
    expect(await cluster.kubectl(`get --raw /api/v1/nodes/${nodeOf(1)}/proxy/healthz`)).toBe('ok')
    const forward = await cluster.machine.start(
      cluster.kubectlWords(['port-forward', '--address=::1', nameOf(1), ':8080']),
      'Forwarding from',
    )
    const place = /Forwarding from (\S+) ->/.exec(forward.output)?.[1] ?? ''
    expect(await ask(place)).toBe(nodeOf(1))
    await forward.end('SIGTERM')
    const [node = ''] = await internalIPs(nodeOf(1))
    const { spec, status } = await cluster.get<Service>('service web')
    expect(await eventually(() => ask(`[${node}]:${spec?.ports?.[0]?.nodePort}`))).toMatch(/^e2e-/)
    const balanced = (status?.loadBalancer?.ingress ?? []).map(({ ip = '' }) => ip)
    expect(balanced).toEqual([expect.stringMatching(/^fd84:ac/)])
    await eventually(async () => expect(await ask(`[${balanced[0]}]`)).toMatch(/^e2e-/))
    if (!existsSync('/usr/sbin/haproxy')) return
    await eventually(async () => {
      const ingress = await cluster.get<Ingress>('ingress web')
      const ip = ingress.status?.loadBalancer?.ingress?.[0]?.ip ?? ''
      expect(ip).toMatch(/^fd84:ac/)
      expect(await ask(`[${ip}]`, 'web.example')).toMatch(/^e2e-/)
    })
  })

  test('hold to policies', async () => {
    await cluster.apply(nobody)
    await eventually(() => expect(fetch(0, `[${addressOf(1)}]:8080`)).rejects.toThrow())
    await cluster.kubectl('delete networkpolicy nobody')
    await eventually(async () => expect(await fetch(0, `[${addressOf(1)}]:8080`)).toBe(nodeOf(1)))
  })

  test('hold to ClusterNetworkPolicies, once they are defined, and say so', async () => {
    await cluster.apply(clusterPolicies)
    await cluster.kubectl('wait crd clusternetworkpolicies.policy.networking.k8s.io --for=condition=Established')
    await eventually(() => cluster.apply(everybodyOut))
    await eventually(() => expect(fetch(0, `[${addressOf(1)}]:8080`)).rejects.toThrow())
    const why = await cluster.why('service/web', '--from', `pod/${nameOf(0)}`)
    expect(why).toContain('ClusterNetworkPolicy everybody-out keeps it from coming in')
    await cluster.kubectl('delete clusternetworkpolicy everybody-out')
    await eventually(async () => expect(await fetch(0, `[${addressOf(1)}]:8080`)).toBe(nodeOf(1)))
  })
})
