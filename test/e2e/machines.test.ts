import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import type { PodList } from '#api/core/v1'
import { buildImage, recipes } from '../images/index.ts'
import { stockProgram } from '../tools/kubectl.ts'
import { eventually } from '../run/eventually.ts'
import { program } from './support/cluster.ts'
import { leftoversOf } from './support/leftovers.ts'
import { describeOnMachine } from './support/describe.ts'
import { Machine } from './support/machine.ts'
import type { Outcome, Started } from './support/machine.ts'
import { Segment } from './support/segment.ts'
import { webDeployment } from './support/web.ts'

const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: web.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`

describeOnMachine('machines that join', () => {
  const name = `e2e-${randomBytes(3).toString('hex')}`
  const [one, two] = [`${name}-one`, `${name}-two`]
  let segment: Segment
  let first: Machine
  let second: Machine
  let addresses: readonly string[] = []
  let server: Started
  let agents: readonly [Started, Started]
  let joining: readonly string[]
  let kubectl: string

  const k8ts = (...words: string[]): string[] => [process.execPath, program, ...words]
  const agentWords = (machine: Machine, agent: string, ...words: string[]): string[] =>
    k8ts('agent', '--name', agent, '--data-dir', join(machine.folder, agent), '--no-install', ...words)
  const startAgent = (machine: Machine, agent: string, ...words: string[]): Promise<Started> =>
    machine.start(agentWords(machine, agent, ...words), 'is in the cluster of')
  const serverWords = (...words: string[]): string[] => [
    ...words,
    '--name',
    name,
    '--data-dir',
    join(first.folder, name),
  ]
  const ask = async (words: string | readonly string[], input?: string): Promise<string> => {
    const list = typeof words === 'string' ? words.split(' ') : words
    const { code, out, err } = await first.run(
      [kubectl, '--kubeconfig', join(first.folder, 'config'), ...list],
      input === undefined ? {} : { input },
    )
    if (code !== 0) throw new Error(`kubectl ${list.join(' ')}: ${err}${out}`)
    return out
  }
  const get = async <T>(words: string): Promise<T> => JSON.parse(await ask(`get ${words} -o json`)) as T
  const k8tsRun = async (...words: string[]): Promise<string> => {
    const { code, out, err } = await first.run(k8ts(...serverWords(...words)))
    if (code !== 0) throw new Error(`k8ts ${words.join(' ')}: ${err}${out}`)
    return out
  }
  const startServer = (): Promise<Started> =>
    first.start(
      k8ts(...serverWords('server'), '--ingress', '--kubeconfig', join(first.folder, 'config')),
      'nodes and pods go on.',
    )

  beforeAll(async () => {
    const archive = await buildImage(recipes.busybox)
    kubectl = await stockProgram('kubectl')
    segment = await Segment.create()
    ;[first, second] = [await Machine.create(), await Machine.create()]
    addresses = [await segment.connect(first), await segment.connect(second)]
    server = await startServer()
    joining = (/^ {2}k8ts agent (.*)$/m.exec(server.output)?.[1] ?? '').split(' ')
    agents = [
      await startAgent(first, one, '--node-name', 'one', ...joining),
      await startAgent(second, two, '--node-name', 'two', ...joining),
    ]
    for (const [machine, agent] of [
      [first, one],
      [second, two],
    ] as const) {
      const { code, err } = await machine.run(
        k8ts('image', 'load', archive, '--name', agent, '--data-dir', join(machine.folder, agent)),
      )
      expect({ code, err }).toEqual({ code: 0, err: '' })
    }
    await ask('wait node one two --for=condition=Ready --timeout=60s')
    await ask('apply -f -', webDeployment(4))
    await ask('rollout status deployment web --timeout=60s')
  })
  afterAll(async () => {
    await Promise.all((agents ?? []).map((agent) => agent.end('SIGTERM')))
    await server?.end('SIGTERM')
    for (const [machine, agent] of [
      [first, one],
      [second, two],
    ] as const) {
      await machine?.run(k8ts('down', '--delete', '--name', agent, '--data-dir', join(machine.folder, agent)))
    }
    await first?.[Symbol.asyncDispose]()
    await second?.[Symbol.asyncDispose]()
    await segment?.[Symbol.asyncDispose]()
  })

  const podsOf = async (): Promise<PodList['items']> => (await get<PodList>('pods -l app=web')).items

  test('are nodes with the addresses by which they reach the server', async () => {
    const lines = await ask([
      'get',
      'nodes',
      '-o',
      'jsonpath={range .items[*]}{.metadata.name} {.status.addresses[?(@.type=="InternalIP")].address}{"\\n"}{end}',
    ])
    expect(lines.trim().split('\n')).toEqual([`one ${addresses[0]}`, `two ${addresses[1]}`])
  })

  test('and their server tell what they are doing', async () => {
    expect(await k8tsRun('status')).toMatch(/\n {2}one {2}Ready .*\n {2}two {2}Ready /)
    const { code, out } = await second.run(k8ts('status', '--name', two, '--data-dir', join(second.folder, two)))
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/\n {2}two {2}Ready {5}192\.168\.77\.2\n$/) })
  })

  test('have pods that reach each other, and a Service whose every endpoint answers', async () => {
    const pods = await podsOf()
    expect(new Set(pods.map(({ spec }) => spec?.nodeName))).toEqual(new Set(['one', 'two']))
    for (const from of ['one', 'two']) {
      const pod = pods.find(({ spec }) => spec?.nodeName === from)
      const far = pods.find(({ spec }) => spec?.nodeName !== from)
      const wget = (place: string): Promise<string> =>
        ask(['exec', pod?.metadata.name ?? '', '--', 'timeout', '3', 'wget', '-qO-', `http://${place}/`])
      expect((await eventually(() => wget(`${far?.status?.podIP}:8080`))).trim()).toBe(far?.spec?.nodeName)
      const answers = new Set<string>()
      await eventually(async () => {
        answers.add((await wget('web')).trim())
        expect([...answers].sort()).toEqual(['one', 'two'])
      })
    }
  })

  test.skipIf(!existsSync('/usr/sbin/haproxy'))(
    'have an Ingress at the server, which others on the segment reach',
    async () => {
      await ask('apply -f -', ingress)
      const asking = `require('node:http').get({ host: '${addresses[0]}', headers: { host: 'web.example' }, timeout: 2000 }, (r) => r.on('data', (d) => console.log(d.toString().trim()))).on('error', (e) => console.log(e.code)).on('timeout', () => process.exit(1))`
      const answers = new Set<string>()
      await eventually(async () => {
        const { out } = await second.run([process.execPath, '-e', asking])
        answers.add(out.trim())
        expect([...answers]).toEqual(expect.arrayContaining(['one', 'two']))
        expect(await ask(['get', 'ingress', 'web', '-o', 'jsonpath={.status.loadBalancer.ingress[*].ip}'])).toBe(
          addresses[0],
        )
      })
    },
  )

  test('got their certificates by requests that were allowed without anybody asking', async () => {
    const { items } = await get<{ items: CertificateSigningRequest[] }>('csr')
    const seen = items.map(({ spec, status }) => [
      spec.signerName.replace('kubernetes.io/', ''),
      spec.username?.startsWith('system:bootstrap:') ? 'token' : spec.username,
      status?.conditions?.map(({ type }) => type).join(),
    ])
    for (const node of ['one', 'two']) {
      expect(seen).toContainEqual(['kube-apiserver-client', `system:node:${node}`, 'Approved'])
      expect(seen).toContainEqual(['kubelet-serving', `system:node:${node}`, 'Approved'])
    }
    expect(seen.filter(([signer, who]) => signer === 'kube-apiserver-client-kubelet' && who === 'token')).toHaveLength(
      2,
    )
  })

  test('the network of a node may read what it needs, and nothing else', async () => {
    const may = (words: string): Promise<Outcome> =>
      first.run([
        kubectl,
        '--kubeconfig',
        join(first.folder, 'config'),
        'auth',
        'can-i',
        ...words.split(' '),
        '--as=k8ts:node-network:one',
        '--as-group=k8ts:node-networks',
      ])
    expect((await may('watch endpointslices --all-namespaces')).out.trim()).toBe('yes')
    for (const words of ['get secrets', 'update nodes', 'create pods', 'get configmaps']) {
      expect((await may(`${words} --all-namespaces`)).out.trim()).toBe('no')
    }
  })

  test('an agent that starts again needs no token, and finds its pods running', async () => {
    const before = await podsOf()
    await agents[1].end('SIGTERM')
    const again = await startAgent(second, two)
    agents = [agents[0], again]
    const other = before.find(({ spec }) => spec?.nodeName === 'two')
    await eventually(async () => {
      const answer = await ask(['exec', other?.metadata.name ?? '', '--', 'cat', '/www/index.html'])
      expect(answer.trim()).toBe('two')
    })
    const facts = (pods: PodList['items']): unknown =>
      pods.map(({ metadata, status }) => [metadata.uid, status?.containerStatuses?.[0]?.containerID])
    expect(facts(await podsOf())).toEqual(facts(before))
  })

  test('a server that starts again is found by its nodes', async () => {
    await server.end('SIGKILL')
    server = await startServer()
    const patch = JSON.stringify({ metadata: { labels: { seen: 'again' } } })
    await ask(['patch', 'deployment', 'web', '-p', patch])
    await ask('delete pod -l app=web --wait=false')
    await eventually(async () => expect(await podsOf()).toHaveLength(4))
    await ask('rollout status deployment web --timeout=60s')
  })

  test(
    'a machine that was cut off is back by itself, with its pods and with what it missed',
    { timeout: 300_000 },
    async () => {
      const before = await podsOf()
      const on = (node: string): PodList['items'] => before.filter(({ spec }) => spec?.nodeName === node)
      const [here, far] = [on('one')[0], on('two')[0]]
      await segment.setConnected(2, false)
      try {
        await ask('wait node two --for=condition=Ready=Unknown --timeout=120s')
        // What changes meanwhile: both pods on this side are others.
        await ask(['delete', 'pod', '--wait=false', ...on('one').map(({ metadata }) => metadata.name ?? '')])
        await eventually(async () => {
          const fresh = (await podsOf()).filter(
            ({ metadata }) => !before.some((pod) => pod.metadata.uid === metadata.uid),
          )
          expect(fresh.filter(({ status }) => status?.phase === 'Running')).not.toEqual([])
        }, 60_000)
      } finally {
        await segment.setConnected(2, true)
      }
      await ask('wait node two --for=condition=Ready --timeout=120s')
      await ask('rollout status deployment web --timeout=60s')
      const after = await podsOf()
      expect(after.map(({ metadata }) => metadata.uid)).toEqual(
        expect.arrayContaining(on('two').map((pod) => pod.metadata.uid)),
      )
      expect(after.map(({ metadata }) => metadata.uid)).not.toContain(here?.metadata.uid)
      const answers = new Set<string>()
      const wget = (place: string): Promise<string> =>
        ask(['exec', far?.metadata.name ?? '', '--', 'timeout', '3', 'wget', '-qO-', `http://${place}/`])
      await eventually(async () => {
        answers.add((await wget('web')).trim())
        expect([...answers].sort()).toEqual(['one', 'two'])
      }, 60_000)
      for (const { status } of after) expect((await wget(`${status?.podIP}:8080`)).trim()).not.toBe('')
    },
  )

  test('tokens are listed, deleted, and made for a command to join by', async () => {
    const words = (
      await k8tsRun('token', 'create', '--print-join-command', '--ttl', '2h', '--description', 'mine')
    ).trim()
    expect(words).toMatch(
      new RegExp(
        `^k8ts agent --join https://${addresses[0]}:6443 --token [a-z0-9]{6}\\.[a-z0-9]{16} --ca-hash sha256:[0-9a-f]{64}$`,
      ),
    )
    const [id = ''] = (words.split(' ')[5] ?? '').split('.')
    const list = await k8tsRun('token', 'list')
    expect(list).toMatch(/^TOKEN +TTL +EXPIRES +USAGES +DESCRIPTION +EXTRA GROUPS$/m)
    expect(list).toMatch(
      new RegExp(
        `^${id}\\.\\w{16} +(119m|2h) +\\S+Z +authentication,signing +mine +system:bootstrappers:kubeadm:default-node-token$`,
        'm',
      ),
    )
    expect(await k8tsRun('token', 'delete', id)).toBe(`bootstrap token "${id}" deleted\n`)
    expect(await k8tsRun('token', 'list')).not.toContain(id)
  })

  describe('a machine is told in one sentence why it can not join', () => {
    const refused = async (...words: string[]): Promise<string> => {
      const { code, err } = await second.run(agentWords(second, `${name}-x`, ...words), { timeoutMs: 40_000 })
      expect(code).not.toBe(0)
      const lines = err.trim().split('\n')
      expect(lines).toHaveLength(1)
      return lines[0] ?? ''
    }
    const place = (): string => `https://${addresses[0]}:6443`
    const token = (): string => joining[3] ?? ''

    test.each([
      ['without a word', () => [], /has not joined a cluster: say which with --join/],
      ['without a token', () => ['--join', place()], /to join a cluster takes a token: give one with --token/],
      ['by what is no token', () => ['--join', place(), '--token', 'nonsense'], /the token does not have the form/],
      [
        'by a token that the cluster does not know',
        () => ['--join', place(), '--token', 'aaaaaa.bbbbbbbbbbbbbbbb'],
        /does not know the token aaaaaa, or it has expired: make another with k8ts token create/,
      ],
      [
        'by a token with another secret',
        () => ['--join', place(), '--token', `${token().slice(0, 6)}.bbbbbbbbbbbbbbbb`],
        /knows another secret for the token .{6}: check --token/,
      ],
      [
        'where the authority is another',
        () => ['--join', place(), '--token', token(), '--ca-hash', `sha256:${'0'.repeat(64)}`],
        /has the hash sha256:[0-9a-f]{64}, wanted sha256:0{64}: check the address and --ca-hash/,
      ],
      [
        'where nobody listens',
        () => ['--join', `https://${addresses[0]}:6999`, '--token', token()],
        /can't be reached \(ECONNREFUSED\): check the address/,
      ],
      [
        'under the name of another that runs',
        () => ['--join', place(), '--token', token(), '--node-name', 'one'],
        /node one is in the cluster already, and ready: choose another name with --node-name/,
      ],
      ['at what is no address', () => ['--join', '::'], /flag --join: "::" is no address like/],
    ])('%s', async (_, words, sentence) => {
      expect(await refused(...words())).toMatch(sentence)
    })

    test('by a token that has expired', async () => {
      const expired = (await k8tsRun('token', 'create', '--ttl', '1s')).trim()
      await new Promise((resolve) => setTimeout(resolve, 1500))
      expect(await refused('--join', place(), '--token', expired)).toMatch(
        /does not know the token .{6}, or it has expired/,
      )
    })
  })

  test('k8ts down on a machine leaves nothing of its node', async () => {
    await agents[1].end('SIGTERM')
    const { code, err } = await second.run(
      k8ts('down', '--delete', '--name', two, '--data-dir', join(second.folder, two)),
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const gone = await leftoversOf(`${name}-x`, second)
    expect(gone.filter((line) => line.startsWith('folder'))).toEqual([])
    const left = await leftoversOf(two, second)
    expect(left.filter((line) => !/^link \d+: eth0@/.test(line))).toEqual([])
  })
})
