import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

interface LogLine {
  readonly ts: number
  readonly v: number
  readonly msg: string
  readonly server: string
}

function get(url: string, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    request(url, { headers, rejectUnauthorized: false, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })
}

test('k8ts apiserver logs in the form that it was told, and tells its flags', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-command-'))
  const tokens = join(folder, 'tokens.csv')
  await writeFile(tokens, 'secret,admin,1,system:masters\n')
  const flags = ['--store=memory', '--bind-address=127.0.0.1', '--secure-port=0', `--token-auth-file=${tokens}`]
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', main, 'apiserver', ...flags, '--logging-format=json', '--event-ttl=5m'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  try {
    let serving: LogLine | undefined
    for await (const text of createInterface(child.stderr)) {
      const line = JSON.parse(text) as LogLine
      expect(line).toMatchObject({ ts: expect.any(Number), msg: expect.any(String) })
      if (line.msg === 'Serving') serving = line
      if (serving) break
    }
    expect(serving).toMatchObject({ v: 0 })
    const page = (await get(`${serving?.server}/flagz`, 'secret')).split('\n')
    expect(page).toContain('event-ttl:300000')
    expect(page).toContain('logging-format:json')
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toBe(0)
  await rm(folder, { recursive: true })
})
