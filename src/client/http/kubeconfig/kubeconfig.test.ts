import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inClusterConfig, isInCluster } from './in-cluster.ts'
import { loadKubeconfig } from './load.ts'
import { mergeKubeconfig, removeFromKubeconfig } from './merge.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-'))
})
afterEach(() => rm(folder, { recursive: true }))

const base64 = (text: string): string => Buffer.from(text).toString('base64')

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text)
  return path
}

const config = `
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster:
    server: https://dev:6443
    certificate-authority-data: ${base64('CA')}
    tls-server-name: api.dev
- name: files
  cluster:
    server: https://files
    certificate-authority: pki/ca.crt
    proxy-url: http://proxy:3128
    insecure-skip-tls-verify: false
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: x}
contexts:
- name: dev
  context: {cluster: dev, user: dev, namespace: team}
- name: files
  context: {cluster: files, user: files}
- name: exec
  context: {cluster: files, user: exec}
- name: broken
  context: {cluster: nowhere, user: both}
users:
- name: dev
  user:
    client-certificate-data: ${base64('CERT')}
    client-key-data: ${base64('KEY')}
- name: files
  user: {tokenFile: tokens/a, as: other, as-groups: [g]}
- name: exec
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/login
      args: null
      provideClusterInfo: true
      interactiveMode: Never
      installHint: "get it\\e[1m here"
- name: both
  user: {token: t, username: u, client-certificate: missing.crt}
`

describe('loadKubeconfig()', () => {
  test('takes the current context, and data as it stands in the file', async () => {
    const path = await file('config', config)
    expect(await loadKubeconfig({ path })).toEqual({
      context: 'dev',
      namespace: 'team',
      config: {
        server: 'https://dev:6443',
        serverName: 'api.dev',
        ca: { pem: 'CA' },
        clientCertificate: { pem: 'CERT' },
        clientKey: { pem: 'KEY' },
      },
    })
  })

  test('finds files relative to the kubeconfig', async () => {
    const path = await file('config', config)
    const ca = await file('pki/ca.crt', 'CA')
    expect(await loadKubeconfig({ path, context: 'files' })).toEqual({
      context: 'files',
      namespace: 'default',
      config: {
        server: 'https://files',
        proxyUrl: 'http://proxy:3128',
        ca: { file: ca },
        tokenFile: join(folder, 'tokens/a'),
        impersonate: { user: 'other', groups: ['g'] },
      },
    })
    expect((await loadKubeconfig({ path, context: 'exec' })).config.exec).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      command: join(folder, 'bin/login'),
      args: [],
      env: [],
      interactiveMode: 'Never',
      installHint: 'get itU+001B[1m here',
      provideClusterInfo: true,
      cluster: { server: 'https://files', 'proxy-url': 'http://proxy:3128', config: { audience: 'x' } },
    })
  })

  test('joins the files of KUBECONFIG; the first that names something counts', async () => {
    const other = `
current-context: other
clusters: [{name: dev, cluster: {server: https://shadowed}}, {name: other, cluster: {server: https://other}}]
contexts: [{name: other, context: {cluster: other, user: dev}}, {name: mixed, context: {cluster: dev, user: none}}]
`
    const paths = [join(folder, 'missing'), await file('a', config), await file('b', other), '']
    const env = { KUBECONFIG: paths.join(':') }
    expect((await loadKubeconfig({ env })).context).toBe('dev')
    expect((await loadKubeconfig({ env, context: 'other' })).config.server).toBe('https://other')
    expect((await loadKubeconfig({ env, context: 'mixed' })).config.server).toBe('https://dev:6443')
  })

  test('looks in the home folder without KUBECONFIG', async () => {
    await file('.kube/config', config)
    expect((await loadKubeconfig({ env: { HOME: folder } })).context).toBe('dev')
  })

  test('shows no credentials on a connection in the clear', async () => {
    const path = await file('config', config.replaceAll('https://dev:6443', 'http://dev:8080'))
    expect((await loadKubeconfig({ path })).config).toEqual({ server: 'http://dev:8080' })
  })

  test('says everything that is wrong', async () => {
    const path = await file('config', config)
    await expect(loadKubeconfig({ path, context: 'none' })).rejects.toThrow('context "none" does not exist')
    await expect(loadKubeconfig({ path, context: 'broken' })).rejects.toThrow(
      `invalid configuration: [client-key-data or client-key must be specified for both to use the clientCert authentication method., unable to read client-cert ${folder}/missing.crt for both due to open ${folder}/missing.crt: no such file or directory, more than one authentication method found for both; found [token basicAuth], only one is allowed, cluster has no server defined]`,
    )
    const dangling = await file('dangling', 'current-context: gone\nclusters: [{name: a, cluster: {server: x}}]')
    await expect(loadKubeconfig({ path: dangling })).rejects.toThrow(
      'context was not found for specified context: gone',
    )
    await expect(loadKubeconfig({ path: join(folder, 'missing') })).rejects.toThrow('does not exist or is empty')
    await expect(loadKubeconfig({ path: await file('bad', '{') })).rejects.toThrow('error loading config file')
    await expect(loadKubeconfig({ env: { HOME: folder } })).rejects.toThrow(
      'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable',
    )
  })
})

describe('users that can not be', () => {
  const problemsOf = async (user: object): Promise<string> => {
    const whole = {
      'current-context': 'c',
      clusters: [{ name: 'k', cluster: { server: 'https://k' } }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      users: [{ name: 'u', user }],
    }
    const path = await file('config', JSON.stringify(whole))
    return loadKubeconfig({ path }).then(
      () => 'fine',
      (error: unknown) => String(error).replace('Error: invalid configuration: ', ''),
    )
  }

  test('impersonation needs a user', async () => {
    const message = 'requesting uid, groups or user-extra for u without impersonating a user'
    for (const user of [{ 'as-uid': '1' }, { 'as-groups': ['g'] }, { 'as-user-extra': { a: ['b'] } }]) {
      expect(await problemsOf(user)).toBe(message)
      expect(await problemsOf({ ...user, as: 'other' })).toBe('fine')
    }
  })

  test('a program must say how it is to be run', async () => {
    const exec = { command: 'login', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' }
    expect(await problemsOf({ exec })).toBe('fine')
    const wrong: readonly (readonly [object, string])[] = [
      [{ command: '' }, 'command must be specified for u to use exec authentication plugin'],
      [{ apiVersion: '' }, 'apiVersion must be specified for u to use exec authentication plugin'],
      [{ interactiveMode: '' }, 'interactiveMode must be specified for u to use exec authentication plugin'],
      [{ interactiveMode: 'Often' }, 'invalid interactiveMode for u: "Often"'],
      [{ env: [{ value: 'x' }] }, 'env variable name must be specified for u to use exec authentication plugin'],
    ]
    for (const [change, message] of wrong) expect(await problemsOf({ exec: { ...exec, ...change } })).toBe(message)
    const older = { command: 'login', apiVersion: 'client.authentication.k8s.io/v1beta1' }
    expect(await problemsOf({ exec: older })).toBe('fine')
    expect(await problemsOf({ exec, 'auth-provider': { name: 'x' } })).toBe(
      'authProvider cannot be provided in combination with an exec plugin for u',
    )
  })

  test('a certificate is given once, with its key', async () => {
    const cert = { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' }
    const there = await file('there', 'x')
    expect(await problemsOf(cert)).toBe('fine')
    expect(await problemsOf({ ...cert, 'client-certificate': there })).toBe(
      'client-cert-data and client-cert are both specified for u. client-cert-data will override.',
    )
    expect(await problemsOf({ ...cert, 'client-key': there })).toBe(
      'client-key-data and client-key are both specified for u; client-key-data will override',
    )
  })
})

describe('inClusterConfig()', () => {
  test('reads the service account', async () => {
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
    expect(isInCluster(env, folder)).toBe(false)
    await file('token', 'secret\n')
    await file('ca.crt', 'CA')
    await file('namespace', 'team\n')
    expect(isInCluster(env, folder)).toBe(true)
    expect(await inClusterConfig(env, folder)).toEqual({
      context: '',
      namespace: 'team',
      config: {
        server: 'https://[fd00::1]:443',
        token: 'secret',
        tokenFile: join(folder, 'token'),
        ca: { file: join(folder, 'ca.crt') },
      },
    })
    await expect(inClusterConfig({}, folder)).rejects.toThrow('unable to load in-cluster configuration')
  })
})

describe('mergeKubeconfig()', () => {
  const entry = {
    name: 'k8ts',
    cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': base64('CA') },
    user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
    namespace: 'default',
  }

  test('writes a new file for its owner alone, which loadKubeconfig() understands', async () => {
    const path = join(folder, 'new/config')
    await mergeKubeconfig(path, entry)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const text = await readFile(path, 'utf8')
    expect(text).toMatch(/^apiVersion: v1\nkind: Config\nclusters:\n {2}- name: k8ts\n/)
    expect((await loadKubeconfig({ path })).config).toEqual({
      server: 'https://127.0.0.1:6443',
      ca: { pem: 'CA' },
      clientCertificate: { pem: 'CERT' },
      clientKey: { pem: 'KEY' },
    })
  })

  test('keeps what others wrote, and replaces its own', async () => {
    const path = await file(
      'config',
      `# mine\napiVersion: v1\ncurrent-context: dev\npreferences: {colors: true}\nclusters:\n# the good one\n- name: dev\n  cluster: {server: https://dev, unknown: 1}\ncontexts: null\n`,
    )
    await mergeKubeconfig(path, { ...entry, makeCurrent: false })
    await mergeKubeconfig(path, { ...entry, cluster: { server: 'https://changed' } })
    const text = await readFile(path, 'utf8')
    for (const kept of ['# mine', '# the good one', 'preferences: { colors: true }', 'unknown: 1']) {
      expect(text).toContain(kept)
    }
    expect(text.match(/name: k8ts/g)?.length).toBe(3)
    expect(text).toContain('https://changed')
    expect(text).toContain('current-context: k8ts')
    expect(await readdir(folder)).toEqual(['config'])

    await removeFromKubeconfig(path, 'k8ts')
    const left = await readFile(path, 'utf8')
    expect(left).not.toContain('k8ts')
    expect(left).toContain('# the good one')
    expect(left).toContain('current-context: ""')
    await removeFromKubeconfig(join(folder, 'missing'), 'k8ts')
    expect(await readdir(folder)).toEqual(['config'])
  })

  test('does not make itself current unasked', async () => {
    const path = await file('config', 'current-context: dev\n')
    await mergeKubeconfig(path, { ...entry, makeCurrent: false })
    expect(await readFile(path, 'utf8')).toContain('current-context: dev')
  })

  test('writes through a link, and keeps the mode of the file', async () => {
    const real = await file('real', '')
    const { chmod, lstat } = await import('node:fs/promises')
    await chmod(real, 0o640)
    const link = join(folder, 'link')
    await symlink(real, link)
    await mergeKubeconfig(link, entry)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await stat(real)).mode & 0o777).toBe(0o640)
    expect(await readFile(real, 'utf8')).toContain('k8ts')
  })

  test('writes through what is no regular file, and leaves it as it is', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    const [text] = await Promise.all([readFile(path, 'utf8'), mergeKubeconfig(path, entry)])
    expect(text).toContain('current-context: k8ts')
    expect((await stat(path)).isFIFO()).toBe(true)
    await removeFromKubeconfig(path, 'k8ts')
    expect(await readdir(folder)).toEqual(['pipe'])
  })

  test('a pipe that nobody reads is refused', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    await expect(mergeKubeconfig(path, entry)).rejects.toThrow(`nobody reads the pipe ${path}`)
  })

  test('makes what a link leads to, and leaves links that lead in a circle', async () => {
    const link = join(folder, 'link')
    await symlink('real', link)
    await mergeKubeconfig(link, entry)
    expect(await readlink(link)).toBe('real')
    expect(await readFile(join(folder, 'real'), 'utf8')).toContain('k8ts')
    const circle = join(folder, 'circle')
    await symlink('circle', circle)
    await expect(mergeKubeconfig(circle, entry)).rejects.toThrow('ELOOP')
    expect(await readlink(circle)).toBe('circle')
    expect((await readdir(folder)).sort()).toEqual(['circle', 'link', 'real'])
  })

  test('leaves files beside it alone', async () => {
    const path = await file('config', '')
    await file('config.tmp', 'mine')
    await mergeKubeconfig(path, entry)
    expect(await readFile(`${path}.tmp`, 'utf8')).toBe('mine')
  })

  test('several at a time lose nothing', async () => {
    const path = join(folder, 'config')
    const names = ['a', 'b', 'c', 'd']
    await Promise.all(names.map((name) => mergeKubeconfig(path, { ...entry, name })))
    for (const name of names) expect((await loadKubeconfig({ path, context: name })).context).toBe(name)
    expect(await readdir(folder)).toEqual(['config'])
  })

  test('gets past what one who was killed left, and not past one who is at work', async () => {
    const path = await file('config', '')
    const lock = await file('config.lock', '')
    await file('config.k8ts-new', 'half of')
    const longAgo = new Date(Date.now() - 10_000)
    await utimes(lock, longAgo, longAgo)
    await mergeKubeconfig(path, entry)
    expect(await readdir(folder)).toEqual(['config'])

    await file('config.lock', '')
    const waiting = mergeKubeconfig(path, { ...entry, name: 'second' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await readFile(path, 'utf8')).not.toContain('second')
    await rm(lock)
    await waiting
    expect(await readFile(path, 'utf8')).toContain('second')
  })

  test('leaves a file alone that is no kubeconfig', async () => {
    const path = await file('config', '- a\n- b\n')
    await expect(mergeKubeconfig(path, entry)).rejects.toThrow('it is no mapping')
    expect(await readFile(path, 'utf8')).toBe('- a\n- b\n')
    expect(await readdir(folder)).toEqual(['config'])
  })
})
