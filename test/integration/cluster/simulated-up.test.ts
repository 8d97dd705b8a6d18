import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import { createClient } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

test('k8ts up --runtime simulated runs anywhere, as anybody, and leaves its data alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-simulated-'))
  const environment = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, XDG_STATE_HOME: folder, KUBECONFIG: '' }
  const flags = [
    '--runtime',
    'simulated',
    '--nodes',
    '2',
    '--simulated-nodes',
    '1',
    '--port',
    '0',
    '--name',
    'anywhere',
  ]
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', main, 'up', ...flags, '--data-dir', join(folder, 'data')],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  try {
    while (!output.includes('is up: ')) {
      if (child.exitCode !== null) throw new Error(output)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { config, context } = await loadKubeconfig({ path: join(folder, '.kube', 'config') })
    expect(context).toBe('k8ts-anywhere')
    const transport = createHttpTransport(config)
    const { items } = await createClient(transport.send, { userAgent: 'test/1.0' }).list(nodes)
    await transport.close()
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['anywhere-1', 'anywhere-2', 'anywhere-simulated-1'])
  } finally {
    child.kill('SIGINT')
  }
  expect(await ended).toBe(0)
  expect(existsSync(join(folder, 'data', 'store'))).toBe(true)
  await rm(folder, { recursive: true })
})
