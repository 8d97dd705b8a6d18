import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogger, silentLogger, VirtualClock } from '#base'
import type { ExecConfig } from '../config.ts'
import { createCredentials } from './create.ts'
import { execCredentials } from './exec.ts'
import { tokenFile } from './token-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('tokenFile()', () => {
  test('reads the file again after fifty seconds', async () => {
    const clock = new VirtualClock()
    const path = join(folder, 'token')
    await writeFile(path, 'one\n')
    const credentials = tokenFile(path, clock, silentLogger)
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer one' })
    await writeFile(path, 'two')
    await clock.advance(49_999)
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer one' })
    await clock.advance(1)
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer two' })
  })

  test('reads the file again when the server refused a token older than the request', async () => {
    const clock = new VirtualClock()
    const path = join(folder, 'token')
    await writeFile(path, 'one')
    const credentials = tokenFile(path, clock, silentLogger)
    await credentials.headers()
    await writeFile(path, 'two')
    await credentials.refused?.({}, clock.monotonic())
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer one' })
    await clock.advance(10)
    await credentials.refused?.({}, clock.monotonic())
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer two' })
  })

  test('keeps the last token while the file can not be read', async () => {
    const clock = new VirtualClock()
    const logged: string[] = []
    const log = createLogger('error', (_level, message) => logged.push(message))
    const path = join(folder, 'token')
    await expect(tokenFile(path, clock, log).headers()).rejects.toThrow('failed to read token file')
    const credentials = tokenFile(path, clock, log, 'given')
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer given' })
    await writeFile(path, ' \n')
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer given' })
    expect(logged).toEqual(['Unable to rotate token', 'Unable to rotate token'])
    await writeFile(path, 'real')
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer real' })
  })
})

describe('createCredentials()', () => {
  const headers = (config: Omit<Parameters<typeof createCredentials>[0], 'server'>): Promise<unknown> =>
    createCredentials({ server: 'https://x', ...config }, new VirtualClock(), silentLogger).headers()

  test('knows tokens, passwords and impersonation', async () => {
    expect(await headers({})).toEqual({})
    expect(await headers({ token: 'secret' })).toEqual({ authorization: 'Bearer secret' })
    expect(await headers({ username: 'me', password: 'pä' })).toEqual({ authorization: 'Basic bWU6cMOk' })
    expect(await headers({ username: 'me' })).toEqual({ authorization: 'Basic bWU6' })
    const impersonate = { user: 'other', uid: '7', groups: ['a', 'b'], extra: { 'Some/Scope': ['x', 'y'] } }
    expect(await headers({ token: 'secret', impersonate })).toEqual({
      authorization: 'Bearer secret',
      'impersonate-user': 'other',
      'impersonate-uid': '7',
      'impersonate-group': ['a', 'b'],
      'impersonate-extra-some%2fscope': ['x', 'y'],
    })
  })
})

describe('execCredentials()', () => {
  const plugin = async (script: string): Promise<ExecConfig> => {
    const command = join(folder, 'plugin')
    await writeFile(command, `#!/bin/sh\necho run >> ${folder}/runs\n${script}\n`)
    await chmod(command, 0o755)
    return { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' }
  }
  const answer = (status: object): string =>
    `echo '${JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status })}'`
  const runs = async (): Promise<number> => {
    const { readFile } = await import('node:fs/promises')
    return (await readFile(join(folder, 'runs'), 'utf8')).split('\n').length - 1
  }

  test('runs the program once for many requests, and again when the token expired', async () => {
    const clock = new VirtualClock()
    const expirationTimestamp = new Date(clock.now() + 60_000).toISOString()
    const credentials = execCredentials(await plugin(answer({ token: 'made', expirationTimestamp })), clock)
    const all = await Promise.all([1, 2, 3].map(() => credentials.headers()))
    expect(all).toEqual([1, 2, 3].map(() => ({ authorization: 'Bearer made' })))
    expect(await runs()).toBe(1)
    await clock.advance(60_001)
    await credentials.headers()
    expect(await runs()).toBe(2)
  })

  test('runs the program again when the server refused what it gave', async () => {
    const credentials = execCredentials(await plugin(answer({ token: 'made' })), new VirtualClock())
    const used = await credentials.headers()
    await credentials.refused?.({ authorization: 'Bearer older' }, 0)
    expect(await runs()).toBe(1)
    await credentials.refused?.({ ...used, accept: 'application/json' }, 0)
    expect(await runs()).toBe(2)
  })

  test('tells the program what it is asked for', async () => {
    const script = 'echo "$KUBERNETES_EXEC_INFO $EXTRA $1" > "$(dirname "$0")/info"\n'
    const config = await plugin(script + answer({ token: 'made' }))
    await execCredentials(
      {
        ...config,
        args: ['login'],
        env: [{ name: 'EXTRA', value: 'more' }],
        provideClusterInfo: true,
        cluster: { server: 'https://x', config: { audience: 'a' } },
      },
      new VirtualClock(),
    ).headers()
    const { readFile } = await import('node:fs/promises')
    const info = await readFile(join(folder, 'info'), 'utf8')
    expect(info).toBe(
      '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"cluster":{"server":"https://x","config":{"audience":"a"}},"interactive":false}} more login\n',
    )
  })

  test('takes certificates', async () => {
    const status = { clientCertificateData: 'cert', clientKeyData: 'key' }
    const credentials = execCredentials(await plugin(answer(status)), new VirtualClock())
    expect(await credentials.keyPair?.()).toEqual({ certificate: 'cert', key: 'key' })
    expect(await credentials.headers()).toEqual({})
  })

  test('says what is wrong with a program', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['exit 3', 'failed with exit code 3'],
      ['echo hello', 'decoding stdout'],
      [answer({}), "exec plugin didn't return a token or cert/key pair"],
      [answer({ clientKeyData: 'x' }), 'exec plugin returned only certificate or key, not both'],
      [
        `echo '{"apiVersion":"client.authentication.k8s.io/v1beta1"}'`,
        'exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/v1beta1',
      ],
      [`echo '{"apiVersion":"client.authentication.k8s.io/v1"}'`, "exec plugin didn't return a status field"],
    ]
    for (const [script, message] of cases) {
      const credentials = execCredentials(await plugin(script), new VirtualClock())
      await expect(credentials.headers()).rejects.toThrow(message)
    }
    const missing = { ...(await plugin('')), command: 'k8ts-no-such-program', installHint: 'install it' }
    await expect(execCredentials(missing, new VirtualClock()).headers()).rejects.toThrow(
      /getting credentials: exec: executable k8ts-no-such-program not found[^]*install it$/,
    )
    const old = { ...missing, apiVersion: 'client.authentication.k8s.io/v1alpha1' }
    expect(() => execCredentials(old, new VirtualClock())).toThrow('exec plugin: invalid apiVersion')
  })
})
