import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import { createClient } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
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
