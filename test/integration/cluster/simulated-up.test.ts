import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import { systemClock } from '#base'
import { createClient, waitFor, waitForObject } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import { isNodeReady } from '#machinery'
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

test('k8ts up says in one sentence what is wrong with files that it was given, and remembers none that can not be', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const data = join(folder, 'data')
  const refused = async (...words: string[]): Promise<string> => {
    const flags = ['--runtime', 'simulated', '--port', '0', '--name', 'refused', '--data-dir', data, ...words]
    const program = startProgram(['up', ...flags], homeIn(folder))
    await program.ended
    return program
      .output()
      .split('\n')
      .filter((line) => line.startsWith('k8ts: ') || line.startsWith('    at '))
      .join('\n')
  }
  expect(await refused('--encryption-provider-config', join(folder, 'none'))).toMatch(
    /^k8ts: flag --encryption-provider-config: /,
  )
  expect(existsSync(join(data, 'cluster.json'))).toBe(false)
  const remedy = 'put it right, or take another file with --kubeconfig'
  expect(await refused('--kubeconfig', folder)).toBe(
    `k8ts: kubeconfig ${folder} can't be written (EISDIR: illegal operation on a directory, read): ${remedy}`,
  )
  await writeFile(join(folder, 'bad'), '[bad')
  expect(await refused('--kubeconfig', join(folder, 'bad'))).toMatch(
    /^k8ts: kubeconfig \S+\/bad can't be written \(error loading config file "\S+\/bad": [^\n]*\): put it right, or take another/,
  )
  await rm(folder, { recursive: true })
})
