import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { namespaces, nodes } from '#api/core/v1'
import { silentLogger, systemClock } from '#base'
import { createClient, waitFor, waitForObject } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import { isNodeReady } from '#machinery'
import { openLmdbStore } from '#store/lmdb'
import { homeIn, startProgram } from './program.ts'

test('k8ts up --runtime simulated runs anywhere, as anybody, and leaves its data alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const nodeFlags = ['--runtime', 'simulated', '--nodes', '2', '--simulated-nodes', '1']
  const flags = [...nodeFlags, '--port', '0', '--name', 'anywhere', '--data-dir', join(folder, 'data')]
  const program = startProgram(['up', ...flags], homeIn(folder))
  try {
    await program.said('is up: ')
    const { config, context } = await loadKubeconfig({ path: join(folder, '.kube', 'config') })
    expect(context).toBe('k8ts-anywhere')
    const transport = createHttpTransport(config)
    const { items } = await createClient(transport.send, { userAgent: 'test/1.0' }).list(nodes)
    await transport.close()
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['anywhere-1', 'anywhere-2', 'anywhere-simulated-1'])
    const cluster = ['--name', 'anywhere', '--data-dir', join(folder, 'data')]
    expect(await complaint(['token', 'create', '--print-join-command', ...cluster], folder)).toBe(
      'k8ts: this cluster lets no machines join: it has to be started by k8ts server',
    )
    const listing = startProgram(['token', 'list', ...cluster], homeIn(folder))
    expect(await listing.ended).toBe(0)
    expect(listing.output()).toMatch(/^TOKEN .*\n$/)
  } finally {
    program.process.kill('SIGINT')
  }
  expect(await program.ended).toBe(0)
  expect(existsSync(join(folder, 'data', 'store'))).toBe(true)
  await rm(folder, { recursive: true })
})

test('k8ts up goes on when nobody reads any more what it says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const flags = ['--runtime', 'simulated', '--port', '0', '--name', 'unheard', '--data-dir', join(folder, 'data')]
  const program = startProgram(['up', ...flags], homeIn(folder))
  const path = join(folder, '.kube', 'config')
  try {
    await program.said('certificates')
    program.process.stdout?.destroy()
    program.process.stderr?.destroy()
    await waitFor(() => existsSync(path) || program.process.exitCode !== null, { clock: systemClock })
    const transport = createHttpTransport((await loadKubeconfig({ path })).config)
    const client = createClient(transport.send, { userAgent: 'test/1.0' })
    await waitForObject(client, nodes, { name: 'unheard-1' }, (node) => node !== undefined && isNodeReady(node), {
      clock: systemClock,
    })
    await transport.close()
  } finally {
    program.process.kill('SIGINT')
  }
  expect(await program.ended).toBe(0)
  await rm(folder, { recursive: true })
})

/** What a command that fails says of it. */
async function complaint(words: readonly string[], folder: string): Promise<string> {
  const program = startProgram(words, homeIn(folder))
  await program.ended
  return program
    .output()
    .split('\n')
    .filter((line) => line.startsWith('k8ts: ') || line.startsWith('    at '))
    .join('\n')
}

test('k8ts up says in one sentence what is wrong with files that it was given, and remembers none that can not be', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const data = join(folder, 'data')
  const refused = (...words: string[]): Promise<string> =>
    complaint(
      ['up', '--runtime', 'simulated', '--port', '0', '--name', 'refused', '--data-dir', data, ...words],
      folder,
    )
  expect(await refused('--encryption-provider-config', join(folder, 'none'))).toMatch(
    /^k8ts: flag --encryption-provider-config: /,
  )
  for (const flag of ['config', 'bin-dir']) {
    expect(await refused(`--image-credential-provider-${flag}`, '/nowhere')).toBe(
      `k8ts: --image-credential-provider-${flag} is for nodes with real containers, and those with --runtime simulated pull no images: leave it out`,
    )
  }
  expect(existsSync(data)).toBe(false)
  expect(await refused('--kubeconfig', folder)).toBe(
    `k8ts: ${folder} is a folder, or has one where a file should be: take another file with --kubeconfig`,
  )
  await writeFile(join(folder, 'bad'), '[bad')
  expect(await refused('--kubeconfig', join(folder, 'bad'))).toMatch(
    /^k8ts: kubeconfig \S+\/bad can't be written \(error loading config file "\S+\/bad": [^\n]*\): put it right, or take another/,
  )
  expect(await settingsIn(data)).toEqual({
    runtime: 'simulated',
    serviceBlock: '10.96.0.0/12',
    podBlock: '10.244.0.0/16',
    domain: 'cluster.local',
  })
  await rm(folder, { recursive: true })
})

const settingsIn = async (data: string): Promise<object> =>
  JSON.parse(await readFile(join(data, 'cluster.json'), 'utf8')) as object

test('k8ts server remembers no file and no address that can not be', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const data = join(folder, 'data')
  const refused = (...words: string[]): Promise<string> =>
    complaint(['server', '--port', '0', '--name', 'refused', '--data-dir', data, ...words], folder)
  expect(await refused('--advertise-address', 'fd00::1')).toMatch(
    /^k8ts: Services have addresses of IPv4 first, and fd00::1 is none: /,
  )
  expect(existsSync(data)).toBe(false)
  const own = ['--advertise-address', '127.0.0.1']
  expect(await refused(...own, '--encryption-provider-config', join(folder, 'none'))).toMatch(
    /^k8ts: flag --encryption-provider-config: /,
  )
  expect(existsSync(data)).toBe(false)
  expect(await refused(...own, '--bind-address', '203.0.113.1')).toBe(
    'k8ts: 203.0.113.1 is no address of this machine: name one that is with --bind-address',
  )
  expect(Object.keys(await settingsIn(data)).sort()).toEqual(['domain', 'podBlock', 'runtime', 'serviceBlock'])
  await rm(folder, { recursive: true })
})

test('k8ts says in one sentence what is wrong with a data folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const at = (name: string): string => join(folder, name)
  await writeFile(at('file'), '')
  await symlink('circle', at('circle'))
  await symlink('nowhere', at('link'))
  const another = 'take another folder with --data-dir'
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [
      ['up', '--runtime', 'simulated', '--port', '0'],
      at('link/x'),
      `k8ts: ${at('link')} is a link to nowhere, which does not exist: make that, or ${another}`,
    ],
    [['status'], at('file'), `k8ts: ${at('file')} is no folder, or lies below what is none: ${another}`],
    [['down', '--delete'], at('circle'), `k8ts: links on the way to ${at('circle')} lead in a circle: ${another}`],
  ]
  for (const [words, data, wanted] of cases) {
    expect(await complaint([...words, '--name', 'refused', '--data-dir', data], folder)).toBe(wanted)
  }
  expect((await readdir(folder)).sort()).toEqual(['circle', 'file', 'link'])
  await rm(folder, { recursive: true })
})

test('k8ts up makes its kubeconfig anew, and nothing in place of a store that was lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const data = join(folder, 'data')
  const words = ['up', '--runtime', 'simulated', '--port', '0', '--name', 'lost', '--data-dir', data]
  const started = async (): Promise<void> => {
    const program = startProgram(words, homeIn(folder))
    await program.said('is up: ')
    program.process.kill('SIGTERM')
    expect(await program.ended).toBe(0)
  }
  await started()
  await writeFile(join(data, 'admin.kubeconfig'), 'garbage')
  await started()
  const { context } = await loadKubeconfig({ path: join(data, 'admin.kubeconfig') })
  expect(context).toBe('k8ts-lost')
  await rm(join(data, 'store', 'data.mdb'))
  const gone = `k8ts: the store in "${data}/store" is gone: restore it from a backup, or begin anew (k8ts down --delete)`
  expect(await complaint(words, folder)).toBe(gone)
  await writeFile(join(data, 'store', 'data.mdb'), '')
  expect(await complaint(words, folder)).toBe(gone)
  await rm(folder, { recursive: true })
})

test('k8ts up and down leave the data of a cluster of another name alone that runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const data = join(folder, 'data')
  const flags = ['--runtime', 'simulated', '--port', '0']
  const program = startProgram(['up', ...flags, '--name', 'mine', '--data-dir', data], homeIn(folder))
  try {
    await program.said('is up: ')
    const message =
      `k8ts: ${data} has the data of mine, which runs (process ${program.process.pid}): ` +
      'name that one with --name mine, or take another folder with --data-dir'
    for (const words of [['up', ...flags], ['down'], ['down', '--delete']]) {
      expect(await complaint([...words, '--name', 'other', '--data-dir', data], folder)).toBe(message)
    }
    const transport = createHttpTransport((await loadKubeconfig({ path: join(data, 'admin.kubeconfig') })).config)
    await createClient(transport.send, { userAgent: 'test/1.0' }).create(namespaces, {
      metadata: { name: 'kept' },
      spec: {},
    })
    await transport.close()
  } finally {
    program.process.kill('SIGTERM')
  }
  expect(await program.ended).toBe(0)
  await rm(folder, { recursive: true })
})

test('k8ts up and down leave a store alone that somebody has open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const directory = join(folder, 'data', 'store')
  const store = await openLmdbStore({ directory, clock: systemClock, logger: silentLogger })
  await writeFile(join(folder, 'data', 'cluster.json'), '{"runtime":"simulated"}')
  for (const words of [['up', '--port', '0'], ['down'], ['down', '--delete']]) {
    expect(await complaint([...words, '--name', 'refused', '--data-dir', join(folder, 'data')], folder)).toBe(
      `k8ts: the store in "${directory}" is in use by another process, stop that one first`,
    )
  }
  await store.close()
  expect(await readdir(join(folder, 'data'))).toEqual(['cluster.json', 'store'])
  await rm(folder, { recursive: true })
})

test('k8ts down --delete leaves the folder above a data folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  await mkdir(join(folder, 'mine', 'data', 'logs'), { recursive: true })
  await writeFile(join(folder, 'mine', 'data', 'cluster.json'), '{"runtime":"simulated"}')
  const words = ['down', '--delete', '--name', 'refused', '--data-dir', join(folder, 'mine', 'data')]
  expect(await startProgram(words, homeIn(folder)).ended).toBe(0)
  expect(await readdir(join(folder, 'mine'))).toEqual([])
  await rm(folder, { recursive: true })
})
