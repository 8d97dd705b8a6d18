import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
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
