import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProgram } from './program.ts'

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
  const program = startProgram(['apiserver', ...flags, '--logging-format=json', '--event-ttl=5m'])
  try {
    await program.said('"msg":"Serving"')
    const lines = program
      .output()
      .split('\n')
      .slice(0, -1)
      .map((text) => JSON.parse(text) as LogLine)
    for (const line of lines) expect(line).toMatchObject({ ts: expect.any(Number), msg: expect.any(String) })
    const serving = lines.find(({ msg }) => msg === 'Serving')
    expect(serving).toMatchObject({ v: 0 })
    const page = (await get(`${serving?.server}/flagz`, 'secret')).split('\n')
    expect(page).toContain('event-ttl:5m0s')
    expect(page).toContain('logging-format:json')
  } finally {
    program.process.kill('SIGTERM')
  }
  expect(await program.ended).toBe(0)
  await rm(folder, { recursive: true })
})
