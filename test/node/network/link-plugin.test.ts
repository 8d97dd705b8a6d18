import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { silentLogger } from '#base'
import { ensurePluginFolder, runCommand } from '#network'
import { conflistOf } from '../../../src/network/pods/cni.ts'
import { podsMissing } from './pods.ts'

const missing = await podsMissing()
if (missing !== undefined) console.warn(`The CNI plugin is not tried: ${missing}`)

interface Answer {
  readonly status: number | null
  readonly output: string
}

interface Call {
  readonly id?: string
  readonly pod?: string
  readonly interface?: string
  readonly block?: readonly string[]
  readonly program?: string
  /** Program and words that start the plugin. */
  readonly starter?: readonly string[]
}

const idOf = (number: number): string => number.toString(16).padStart(8, '0').repeat(8)

describe.skipIf(missing !== undefined)('the CNI plugin of the pod network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-plugin-'))
  const [node, plugins, configurations] = [join(folder, 'node'), join(folder, 'plugins'), join(folder, 'net.d')]
  const notes = join(folder, 'addresses', 'net')
  const made: string[] = []

  async function namespace(name: string): Promise<string> {
    const path = join(folder, name)
    writeFileSync(path, '')
    await runCommand(['unshare', `--net=${path}`, 'true'])
    made.push(path)
    return path
  }

  function call(
    command: string,
    { id = idOf(1), pod = '', block = ['10.244.7.0/24'], starter = [], ...rest }: Call = {},
  ): Promise<Answer> {
    const { plugins: [plugin] = [] } = conflistOf({
      name: 'net',
      podCIDRs: block,
      dataDirectory: join(folder, 'addresses'),
      mtu: 1400,
      hasLinkPlugin: true,
    }) as { readonly plugins?: readonly object[] }
    const environment = {
      CNI_COMMAND: command,
      CNI_CONTAINERID: id,
      CNI_NETNS: pod,
      CNI_IFNAME: rest.interface ?? 'eth0',
    }
    const words = [`--net=${node}`, '--', ...starter, join(plugins, rest.program ?? 'k8ts-link')]
    const child = spawn('nsenter', words, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment, CNI_PATH: plugins },
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stdin.end(JSON.stringify({ cniVersion: '1.0.0', name: 'net', ...plugin }))
    return new Promise((resolve) => child.on('close', (status) => resolve({ status, output })))
  }

  const noted = (): string[] =>
    readdirSync(notes)
      .filter((name) => !name.startsWith('.'))
      .sort()
  const inside = (path: string, ...words: string[]): Promise<string> =>
    runCommand(['nsenter', `--net=${path}`, 'ip', ...words])
  const links = async (): Promise<string[]> =>
    [...(await inside(node, '-o', 'link', 'show')).matchAll(/veth\w+/g)].map(String)

  beforeAll(async () => {
    await namespace('node')
    mkdirSync(configurations)
    writeFileSync(join(configurations, 'own.conflist'), '{}')
    const sources = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni']
    await ensurePluginFolder({ folder: plugins, sources, configurations, own: 'own.conflist', logger: silentLogger })
  })

  afterEach(async () => {
    for (const path of made.splice(1)) await runCommand(['umount', path])
    // The kernel takes a pod's links away when it comes to it.
    await expect.poll(links, { timeout: 20_000 }).toEqual([])
    rmSync(join(folder, 'addresses'), { recursive: true, force: true })
  })

  afterAll(async () => {
    for (const path of made) await runCommand(['umount', path])
    rmSync(folder, { recursive: true })
  })

  test('ADD makes a link with addresses of both families, DEL takes everything away, as often as it is asked', async () => {
    const pod = await namespace('pod')
    const block = ['10.244.7.0/24', 'fd44:7::/64']
    const { status, output } = await call('ADD', { pod, block })
    expect(status).toBe(0)
    expect(JSON.parse(output)).toEqual({
      cniVersion: '1.0.0',
      interfaces: [{ name: 'veth00000001000' }, { name: 'eth0', mac: '0a:58:0a:f4:07:02', sandbox: pod }],
      ips: [
        { interface: 1, address: '10.244.7.2/24', gateway: '10.244.7.1' },
        { interface: 1, address: 'fd44:7::2/64', gateway: 'fd44:7::1' },
      ],
      routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
      dns: {},
    })
    expect(readFileSync(join(notes, '10.244.7.2'), 'utf8')).toBe(`${idOf(1)}\r\neth0`)
    expect(await inside(pod, '-br', 'link', 'show', 'lo')).toContain('UP')
    expect(await inside(pod, 'link', 'show', 'eth0')).toContain('mtu 1400')
    expect((await inside(pod, 'route')).trim().split(/ *\n/)).toEqual([
      'default via 10.244.7.1 dev eth0',
      '10.244.7.0/24 via 10.244.7.1 dev eth0 src 10.244.7.2',
      '10.244.7.1 dev eth0 scope link src 10.244.7.2',
    ])
    expect(await inside(pod, '-6', 'route')).toContain('default via fd44:7::1 dev eth0')
    expect(await inside(node, 'route')).toContain('10.244.7.2 dev veth00000001000 scope host')
    expect(await inside(node, '-6', 'route')).toContain('fd44:7::2 dev veth00000001000')
    for (const place of [node, pod]) expect(await inside(place, '-6', 'address')).not.toContain('tentative')
    expect(await call('CHECK', { pod, block })).toEqual({ status: 0, output: '' })
    expect(await call('DEL', { pod, block })).toEqual({ status: 0, output: '' })
    expect(await call('DEL', { block })).toEqual({ status: 0, output: '' })
    expect([noted(), await links()]).toEqual([[], []])
    expect(await call('CHECK', { pod, block })).toMatchObject({ status: 1 })
  })

  test('many at once get an address each', async () => {
    const pods = await Promise.all(Array.from({ length: 12 }, (_, index) => namespace(`many-${index}`)))
    const answers = await Promise.all(pods.map((pod, index) => call('ADD', { pod, id: idOf(index + 1) })))
    expect(answers.map(({ status }) => status)).toEqual(pods.map(() => 0))
    expect(new Set(answers.map(({ output }) => JSON.parse(output).ips[0].address)).size).toBe(12)
    expect(noted()).toHaveLength(12)
  })

  test('addresses are given out in turn: one that is given back is the last one to come', async () => {
    const block = ['10.244.7.0/29']
    const pods = await Promise.all([1, 2, 3].map((number) => namespace(`turn-${number}`)))
    const given: string[] = []
    for (const id of [1, 2, 3, 4, 5, 6, 7]) {
      const pod = pods[id % 3] ?? ''
      const { output } = await call('ADD', { pod, block, id: idOf(id) })
      given.push(JSON.parse(output).ips[0].address)
      if (id > 1) await call('DEL', { pod: pods[(id - 1) % 3] ?? '', block, id: idOf(id - 1) })
    }
    expect(given).toEqual(['2', '3', '4', '5', '6', '2', '3'].map((last) => `10.244.7.${last}/29`))
  })

  test('what fails leaves nothing behind, and no link or address of others is touched', async () => {
    const pod = await namespace('one')
    const block = ['10.244.7.0/30']
    expect((await call('ADD', { pod, block })).status).toBe(0)
    const before = [noted(), await links()]
    const refused = async (code: number, how: Call): Promise<void> => {
      const { status, output } = await call('ADD', { pod, block: ['10.244.7.0/24'], ...how })
      expect([status, JSON.parse(output).code]).toEqual([1, code])
      expect([noted(), await links()]).toEqual(before)
    }
    await refused(11, { block, id: idOf(2) })
    await refused(100, {})
    await refused(100, { id: idOf(2) })
    await refused(100, { id: idOf(2), pod: join(folder, 'nothing') })
    await refused(4, { id: idOf(2), interface: 'eth1' })
    await refused(4, { id: '../x' })
  })

  test('addresses are given out where /dev/null has become a file', async () => {
    const file = join(folder, 'null')
    writeFileSync(file, '')
    const starter = ['unshare', '--mount', 'sh', '-c', `mount --bind ${file} /dev/null && exec "$0"`]
    expect(await call('ADD', { pod: await namespace('one'), starter })).toMatchObject({ status: 0 })
    expect(noted()).toEqual(['10.244.7.2'])
  })

  test('loopback is that of the machine where another network is configured, and has nothing to do else', async () => {
    const pod = await namespace('lo')
    const state = async (): Promise<string> => inside(pod, '-br', 'link', 'show', 'lo')
    const own = await call('ADD', { pod, interface: 'lo', program: 'loopback' })
    expect(JSON.parse(own.output)).toMatchObject({ interfaces: [{ name: 'lo' }], ips: [{ address: '127.0.0.1/8' }] })
    expect(await state()).toContain('DOWN')
    writeFileSync(join(configurations, '05-other.conflist'), '{}')
    try {
      expect((await call('ADD', { pod, interface: 'lo', program: 'loopback' })).status).toBe(0)
      expect(await state()).not.toContain('DOWN')
    } finally {
      rmSync(join(configurations, '05-other.conflist'))
    }
  })
})
