import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Node, PodList, Service } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { webOnEveryNode } from './support/web.ts'

const dual = `
apiVersion: v1
kind: Service
metadata: {name: dual}
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {clusterIP: None, ipFamilyPolicy: RequireDualStack, selector: {app: web}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: six}
spec: {ipFamilies: [IPv6], selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`

const onlyFour = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-four}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]
`

describeOnMachine('pods and Services of two families', () => {
  let cluster: E2eCluster
  let pods: PodList['items']
  beforeAll(async () => {
    cluster = await E2eCluster.start({
      flags: ['--nodes', '2', '--ip-families', 'ipv4,ipv6'],
      images: ['busybox'],
    })
    await cluster.apply(webOnEveryNode)
    await cluster.apply(dual)
    await cluster.kubectl('rollout status daemonset web --timeout=60s')
    pods = (await cluster.get<PodList>('pods -l app=web')).items
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const nameOf = (index: number): string => pods[index]?.metadata?.name ?? ''
  const inPod = (index: number, ...words: string[]): Promise<string> =>
    cluster.kubectl(['exec', nameOf(index), '--', ...words])
  const fetch = async (index: number, host: string, port: number): Promise<string> => {
    const at = host.includes(':') ? `[${host}]` : host
    return (await inPod(index, 'timeout', '3', 'wget', '-qO-', `http://${at}:${port}/`)).trim()
  }
  const addressesOf = (index: number): string[] => (pods[index]?.status?.podIPs ?? []).map(({ ip }) => ip)

  test('nodes and pods have addresses of both, and pods reach each other by either', async () => {
    const node = await cluster.get<Node>(`node ${cluster.name}-1`)
    expect(node.spec?.podCIDRs).toEqual([expect.stringMatching(/^10\.244\./), expect.stringMatching(/^fd84:244:/)])
    const own = (node.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP')
    expect(own.map(({ address }) => address)).toEqual([
      expect.stringMatching(/^172\./),
      expect.stringMatching(/^fd84:ac/),
    ])
    for (const index of [0, 1]) {
      expect(addressesOf(index)).toEqual([expect.stringMatching(/^10\.244\./), expect.stringMatching(/^fd84:244:/)])
      for (const address of addressesOf(1 - index)) {
        expect(await fetch(index, address, 8080)).toBe(pods[1 - index]?.spec?.nodeName)
      }
    }
  })

  test('Services lead to endpoints in both families, from pods, by name, at node ports and at load balancers', async () => {
    const { spec, status } = await cluster.get<Service>('service dual')
    expect(spec?.ipFamilies).toEqual(['IPv4', 'IPv6'])
    for (const address of spec?.clusterIPs ?? []) {
      await eventually(async () => expect(await fetch(0, address, 80)).toMatch(/^e2e-/))
    }
    const [six = ''] = (await cluster.get<Service>('service six')).spec?.clusterIPs ?? []
    expect(await fetch(1, six, 80)).toMatch(/^e2e-/)
    const balanced = (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? '')
    expect(balanced).toEqual([expect.stringMatching(/^172\./), expect.stringMatching(/^fd84:ac/)])
    for (const address of balanced) expect(await fetch(0, address, 80)).toMatch(/^e2e-/)
    const answer = await inPod(0, 'nslookup', '-type=aaaa', 'dual.default.svc.cluster.local')
    expect(answer).toContain(spec?.clusterIPs?.[1])
    const headless = await inPod(0, 'nslookup', '-type=aaaa', 'headless.default.svc.cluster.local')
    for (const index of [0, 1]) expect(headless).toContain(addressesOf(index)[1])
    const node = await cluster.get<Node>(`node ${cluster.name}-2`)
    const port = spec?.ports?.[0]?.nodePort ?? 0
    for (const { type, address } of node.status?.addresses ?? []) {
      if (type === 'InternalIP') expect(await fetch(0, address, port), address).toMatch(/^e2e-/)
    }
    // From outside: the machine reaches nodes by either family.
    const program = `fetch(process.argv[1]).then((r) => r.text()).then((t) => console.log(t.trim()), (e) => console.log(String(e.cause)))`
    const six2 = (node.status?.addresses ?? []).find(({ address }) => address.includes(':'))?.address ?? ''
    for (const at of [`[${six2}]:${port}`, `[${balanced[1] ?? ''}]:80`]) {
      await eventually(async () => {
        const { out } = await cluster.machine.run([process.execPath, '-e', program, `http://${at}/`])
        expect(out).toMatch(/^e2e-/)
      })
    }
  })

  test('policies hold in each family by itself', async () => {
    await cluster.apply(onlyFour)
    const [four = '', six = ''] = addressesOf(1)
    await eventually(() => expect(fetch(0, six, 8080)).rejects.toThrow())
    expect(await fetch(0, four, 8080)).toMatch(/^e2e-/)
    await cluster.kubectl('delete networkpolicy only-four')
    await eventually(async () => expect(await fetch(0, six, 8080)).toMatch(/^e2e-/))
  })
})
