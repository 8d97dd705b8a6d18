import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PodList, Service } from '#api/core/v1'
import { buildImage, recipes } from '../images/index.ts'
import { stockProgram } from '../tools/kubectl.ts'
import { eventually } from '../run/eventually.ts'
import { program } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { Machine } from './support/machine.ts'
import type { Started } from './support/machine.ts'
import { Segment } from './support/segment.ts'
import { webOnEveryNode } from './support/web.ts'

describeOnMachine('machines that have nothing but IPv6', () => {
  const name = `e2e-${randomBytes(3).toString('hex')}`
  const nodes = ['one', 'two'] as const
  let segment: Segment
  let machines: readonly Machine[] = []
  let addresses: readonly string[] = []
  let server: Started | undefined
  let agents: readonly Started[] = []
  let pods: PodList['items']
  let kubectl: string

  const own = (index: number): string[] => {
    const agent = `${name}-${nodes[index]}`
    return ['--name', agent, '--data-dir', join(machines[index]?.folder ?? '', agent)]
  }
  const k8ts = (...words: string[]): string[] => [process.execPath, program, ...words]
  const ask = async (words: string | readonly string[], input?: string): Promise<string> => {
    const [first] = machines
    const list = typeof words === 'string' ? words.split(' ') : words
    const asked = [kubectl, '--kubeconfig', join(first?.folder ?? '', 'config'), ...list]
    const outcome = await first?.run(asked, input === undefined ? {} : { input })
    if (outcome?.code !== 0) throw new Error(`kubectl ${list.join(' ')}: ${outcome?.err}${outcome?.out}`)
    return outcome.out
  }
  const get = async <T>(words: string): Promise<T> => JSON.parse(await ask(`get ${words} -o json`)) as T

  beforeAll(async () => {
    const archive = await buildImage(recipes.busybox)
    kubectl = await stockProgram('kubectl')
    segment = await Segment.create()
    machines = [await Machine.create(), await Machine.create()]
    addresses = await Promise.all(machines.map((machine) => segment.connect(machine, 'IPv6')))
    const [first] = machines
    const folder = first?.folder ?? ''
    server = await first?.start(
      k8ts('server', '--name', name, '--data-dir', join(folder, name), '--kubeconfig', join(folder, 'config')).concat(
        '--ip-families',
        'ipv6',
      ),
      'nodes and pods go on.',
    )
    const joining = (/^ {2}k8ts agent (.*)$/m.exec(server?.output ?? '')?.[1] ?? '').split(' ')
    expect(joining).toContain(`https://[${addresses[0]}]:6443`)
    agents = await Promise.all(
      machines.map((machine, index) =>
        machine.start(
          k8ts('agent', '--node-name', nodes[index] ?? '', '--no-install', ...own(index), ...joining),
          'is in the cluster of',
        ),
      ),
    )
    for (const [index, machine] of machines.entries()) {
      const { code, err } = await machine.run(k8ts('image', 'load', archive, ...own(index)))
      expect({ code, err }).toEqual({ code: 0, err: '' })
    }
    await ask('wait node one two --for=condition=Ready --timeout=60s')
    await ask('apply -f -', webOnEveryNode)
    await ask('rollout status daemonset web --timeout=60s')
    pods = (await get<PodList>('pods -l app=web')).items
  })
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.end('SIGTERM')))
    await server?.end('SIGTERM')
    for (const [index, machine] of machines.entries()) {
      await machine.run(k8ts('down', '--delete', ...own(index)))
      await machine[Symbol.asyncDispose]()
    }
    await segment?.[Symbol.asyncDispose]()
  })

  const inPod = (index: number, ...words: string[]): Promise<string> =>
    ask(['exec', pods[index]?.metadata.name ?? '', '--', ...words])
  const fetch = async (index: number, place: string): Promise<string> =>
    (await inPod(index, 'timeout', '3', 'wget', '-qO-', `http://${place}/`)).trim()

  test('are nodes with those addresses', async () => {
    const path =
      '{range .items[*]}{.metadata.name}={.status.addresses[?(@.type=="InternalIP")].address} {.spec.podCIDRs}{"\\n"}{end}'
    const lines = (await ask(['get', 'nodes', '-o', `jsonpath=${path}`])).trim().split('\n')
    expect(lines).toEqual(
      nodes.map((node, index) =>
        expect.stringMatching(new RegExp(`^${node}=${addresses[index]} \\["fd84:244:[^,]*"\\]$`)),
      ),
    )
  })

  test('have pods that reach each other, Services, their names and the API', async () => {
    const { spec } = await get<Service>('service web')
    expect(spec?.clusterIP).toMatch(/^fd84:96::/)
    for (const index of [0, 1]) {
      const far = pods[1 - index]
      expect(await eventually(() => fetch(index, `[${far?.status?.podIP}]:8080`))).toBe(far?.spec?.nodeName)
      for (const place of [`[${spec?.clusterIP}]`, 'web.default.svc.cluster.local']) {
        expect(await eventually(() => fetch(index, place))).toMatch(/^(one|two)$/)
      }
      await inPod(index, 'sh', '-c', 'nc $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT </dev/null')
    }
  })
})
