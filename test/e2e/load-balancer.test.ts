import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import { runCommand } from '#network'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { webOnEveryNode } from './support/web.ts'

const service = (name: string, spec: string): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}], ${spec}}
`

/** Asks once; prints what came. The machine has its packets from the segment by ARP and NDP, as anybody there has. */
const asking = `
const net = require('node:net')
const socket = net.connect({ host: process.argv[1], port: Number(process.argv[2]), timeout: 1000 })
let text = ''
socket.on('connect', () => socket.write('GET / HTTP/1.0\\r\\n\\r\\n'))
socket.on('timeout', () => socket.destroy(new Error('timeout')))
socket.on('data', (data) => (text += data))
socket.on('error', (error) => console.log('error', error.code ?? error.message))
socket.on('end', () => console.log(text.split('\\r\\n').at(-1).trim() || text.trim()))
`

describeOnMachine('load balancers', () => {
  let cluster: E2eCluster
  beforeAll(async () => {
    cluster = await E2eCluster.start({ flags: ['--nodes', '2', '--ip-families', 'ipv4,ipv6'], images: ['busybox'] })
    await cluster.apply(webOnEveryNode)
    await cluster.kubectl('rollout status daemonset web --timeout=60s')
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const addressOf = (name: string): Promise<string> =>
    eventually(async () => {
      const { status } = await cluster.get<Service>(`service ${name}`)
      const ip = status?.loadBalancer?.ingress?.[0]?.ip
      if (ip === undefined) throw new Error(`no address: ${JSON.stringify(status)}`)
      return ip
    })
  const ask = async (address: string, port = 80): Promise<string> =>
    (await cluster.machine.run([process.execPath, '-e', asking, address, String(port)])).out.trim()
  const answers = (address: string): Promise<string> =>
    eventually(async () => {
      const answer = await ask(address)
      if (answer.startsWith('error')) throw new Error(answer)
      return answer
    })
  /** The link-layer address that answers for an address, as the machine sees it. */
  const whoAnswers = async (address: string): Promise<string> => {
    const { out } = await cluster.machine.run(['ip', '-j', 'neigh', 'show', address])
    const [{ lladdr = '' } = {}]: { lladdr?: string }[] = JSON.parse(out)
    return lladdr
  }
  const nodeWith = async (address: string): Promise<string> => {
    for (const index of [1, 2]) {
      const node = `${cluster.name}-${index}`
      const namespace = `/run/k8ts/${cluster.name}/network/netns/node-${node}`
      const out = await runCommand(['nsenter', `--net=${namespace}`, 'ip', '-o', 'addr', 'show', 'to', address])
      if (out !== '') return node
    }
    return ''
  }

  test('every Service has an address of its own, at which the machine finds it, and nothing else', async () => {
    await cluster.apply(service('web', ''))
    await cluster.apply(service('web2', 'allocateLoadBalancerNodePorts: false'))
    const [first, second] = [await addressOf('web'), await addressOf('web2')]
    expect(first).not.toBe(second)
    expect(await answers(first)).toMatch(/^e2e-/)
    expect(await answers(second)).toMatch(/^e2e-/)
    // The node's own servers are none of the Service's.
    expect(await ask(first, 10_250)).toBe('error ECONNREFUSED')
    expect(await cluster.kubectl('get service web')).toContain(` ${first} `)
  })

  test('only those in the source ranges come in', async () => {
    await cluster.apply(service('narrow', 'loadBalancerSourceRanges: [192.0.2.0/24]'))
    const address = await addressOf('narrow')
    await eventually(async () => expect(await nodeWith(address)).not.toBe(''))
    await pause(500)
    expect(await ask(address)).toMatch(/^error/)
    await cluster.apply(service('narrow', 'loadBalancerSourceRanges: [172.16.0.0/12]'))
    expect(await answers(address)).toMatch(/^e2e-/)
  })

  test(
    'when the node that answers is gone, another does, and who knew the address hears of it',
    { timeout: 300_000 },
    async () => {
      await cluster.apply(service('six', 'ipFamilies: [IPv6]'))
      const addresses = [await addressOf('web'), await addressOf('six')]
      expect(addresses).toEqual([expect.stringMatching(/^172\./), expect.stringMatching(/^fd84:ac/)])
      for (const address of addresses) await answers(address)
      const owners = new Map<string, string[]>()
      for (const address of addresses) {
        const owner = await nodeWith(address)
        owners.set(owner, [...(owners.get(owner) ?? []), address])
      }
      for (const [owner, own] of owners) {
        const links = new Map<string, string>()
        for (const address of own) {
          await answers(address)
          links.set(address, await whoAnswers(address))
          expect(links.get(address)).toMatch(/^[0-9a-f:]{17}$/)
        }
        const pid = await cluster.agentPid(owner)
        process.kill(pid, 'SIGSTOP')
        try {
          for (const address of own) {
            // In IPv6 the silent node's kernel defends the address for as long as it has it: some seconds longer.
            await eventually(async () => {
              const now = await whoAnswers(address)
              if (now === links.get(address) || now === '') throw new Error(`${address}: still ${now}`)
            }, 60_000)
            expect(await answers(address)).toMatch(/^e2e-/)
            // The kernel takes it from the silent node, by itself, some seconds after another has it.
            await eventually(async () => expect(await nodeWith(address)).not.toBe(owner))
          }
        } finally {
          process.kill(pid, 'SIGCONT')
        }
        for (const address of own) {
          await eventually(async () => expect(await nodeWith(address)).toBe(owner))
          expect(await answers(address)).toMatch(/^e2e-/)
        }
      }
    },
  )

  test('where traffic stays local, a node with an endpoint answers, and sees who asks', async () => {
    const [one, two] = [`${cluster.name}-1`, `${cluster.name}-2`]
    await cluster.apply(service('local', 'externalTrafficPolicy: Local'))
    const address = await addressOf('local')
    expect(await answers(address)).toMatch(/^e2e-/)
    const before = await nodeWith(address)
    const other = before === one ? two : one
    await cluster.kubectl(`label node ${before} web=no`)
    const patch = `{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"${other}"}}}}}`
    await cluster.kubectl(['patch', 'daemonset', 'web', '-p', patch])
    await eventually(async () => expect(await nodeWith(address)).toBe(other))
    expect(await answers(address)).toMatch(/^e2e-/)
  })

  test('an address goes with its Service', async () => {
    const address = await addressOf('web2')
    await cluster.kubectl('delete service web2 --timeout=20s')
    await eventually(async () => expect(await nodeWith(address)).toBe(''))
  })
})
