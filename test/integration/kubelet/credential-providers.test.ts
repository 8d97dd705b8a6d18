import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogger, VirtualClock } from '#base'
import { secrets, serviceaccounts } from '#api/core/v1'
import { loadCredentialProviders } from '#kubelet/host'
import type { AuthConfig } from '#kubelet'
import { SimulatedRuntime } from '#kubelet'
import { createNodeLogins } from '../../../src/kubelet/host/credentials/node-logins.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credential-providers-'))
  mkdirSync(join(folder, 'bin'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A program for plugins: it keeps what it was asked, and answers what stands in a file beside it. */
function program(name: string, answer: object, ending = ''): void {
  const path = join(folder, 'bin', name)
  writeFileSync(`${path}.answer`, JSON.stringify(answer))
  writeFileSync(
    path,
    `#!/bin/sh\ncat >>"${path}.asked"\necho "$* $GREETING" >>"${path}.args"\n${ending}\ncat "${path}.answer"\n`,
  )
  chmodSync(path, 0o755)
}

/** What a program was asked, in turn. */
function asked(name: string): object[] {
  try {
    const lines = readFileSync(join(folder, 'bin', `${name}.asked`), 'utf8')
      .trimEnd()
      .split('\n')
    return lines.map((line) => JSON.parse(line) as object)
  } catch {
    return []
  }
}

const v1 = 'credentialprovider.kubelet.k8s.io/v1'
const response = (auth: object, more: object = {}): object => ({
  kind: 'CredentialProviderResponse',
  apiVersion: v1,
  cacheKeyType: 'Image',
  auth,
  ...more,
})
const login = (password: string): object => ({ username: 'robot', password })

const provider = (name: string, more: object = {}): object => ({
  name,
  apiVersion: v1,
  matchImages: ['*.example.org'],
  defaultCacheDuration: '10m',
  ...more,
})

function configured(providers: readonly object[], version = 'v1'): string {
  const path = join(folder, 'config.yaml')
  const document = { kind: 'CredentialProviderConfig', apiVersion: `kubelet.config.k8s.io/${version}`, providers }
  writeFileSync(path, JSON.stringify(document))
  return path
}

const load = (config: string): ReturnType<typeof loadCredentialProviders> =>
  loadCredentialProviders({ config, programs: join(folder, 'bin') })

/** A node whose registries let in who knows one of the passwords. */
async function start(providers: readonly object[], passwords: readonly string[]): Promise<Rig> {
  const clock = new VirtualClock()
  const runtime = new SimulatedRuntime({ clock })
  const pulls: (AuthConfig | undefined)[] = []
  const present = new Set<string>()
  const { images } = runtime
  const pull = images.pull.bind(images)
  images.pull = async (spec, auth) => {
    pulls.push(auth)
    if (!passwords.includes(auth?.password ?? '')) throw new Error('unauthorized')
    present.add(spec.image)
    return pull(spec)
  }
  const status = images.status.bind(images)
  images.status = async (spec) => (present.has(spec.image) ? status(spec) : undefined)
  const log: string[] = []
  const kubelet = {
    nodeLogins: createNodeLogins(folder, clock),
    ...(providers.length > 0 && { credentialProviders: await load(configured(providers)) }),
  }
  const logger = createLogger('error', (_, message, fields) => log.push(JSON.stringify({ message, ...fields })))
  const node = new TestNode({ kubelet, log: logger }, { clock, runtime })
  return { node, pulls, log }
}

interface Rig {
  readonly node: TestNode
  readonly pulls: (AuthConfig | undefined)[]
  readonly log: string[]
}

/** Waits for programs, which have a time of their own. */
async function until(node: TestNode, reached: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !reached(); turn++) {
    await pause(20)
    await node.settle()
  }
  expect(reached()).toBe(true)
}

async function runPod({ node }: Rig, name: string, spec: object): Promise<void> {
  await node.run(name, { containers: [{ name: 'app', image: 'eu.example.org/team/app:1' }], ...spec })
  await until(node, () => {
    const { running: isRunning, waiting } = node.pod(name).status?.containerStatuses?.[0]?.state ?? {}
    return isRunning !== undefined || /Err|BackOff/.test(waiting?.reason ?? '')
  })
}

const running = ({ node }: Rig, name: string): boolean =>
  node.pod(name).status?.containerStatuses?.[0]?.state?.running !== undefined

test('a program that matches an image is asked by stdin for credentials, which are kept as long and for what it says', async () => {
  program('one', response({ '*.example.org': login('right') }, { cacheKeyType: 'Registry', cacheDuration: '5m' }))
  program('other', response({}))
  const env = [{ name: 'GREETING', value: 'hello' }]
  const rig = await start(
    [provider('one', { args: ['get', 'it'], env }), provider('other', { matchImages: ['elsewhere.org'] })],
    ['right'],
  )
  await runPod(rig, 'first', {})
  expect(running(rig, 'first')).toBe(true)
  expect(asked('one')).toEqual([
    { kind: 'CredentialProviderRequest', apiVersion: v1, image: 'eu.example.org/team/app' },
  ])
  expect(asked('other')).toEqual([])
  expect(readFileSync(join(folder, 'bin', 'one.args'), 'utf8')).toBe('get it hello\n')
  await runPod(rig, 'second', { containers: [{ name: 'app', image: 'eu.example.org/team/more:1' }] })
  expect(asked('one')).toHaveLength(1)
  await rig.node.clock.advance(301_000)
  await runPod(rig, 'third', { containers: [{ name: 'app', image: 'eu.example.org/team/third:1' }] })
  expect(asked('one')).toHaveLength(2)
  expect(rig.pulls).toEqual(Array.from({ length: 3 }, () => ({ username: 'robot', password: 'right' })))
  const metrics = rig.node.kubelet.parts.metrics.text()
  expect(metrics).toContain('kubelet_credential_provider_plugin_duration_count{plugin_name="one"} 2')
  expect(metrics).toMatch(/kubelet_credential_provider_config_info\{hash="sha256:[0-9a-f]{64}"\} 1/)
  expect(metrics).not.toContain('plugin_errors_total{')
  await rig.node.stop()
})

test('what a program gives comes after pull secrets and the logins of the node', async () => {
  program('one', response({ 'eu.example.org': login('from program') }))
  const auths = { 'https://eu.example.org': { auth: btoa('me:from node') } }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }))
  const rig = await start([provider('one')], ['from program'])
  const content = { auths: { 'eu.example.org': { username: 'me', password: 'from secret' } } }
  await rig.node.api.create(secrets, {
    metadata: { name: 'pull', namespace: 'default', uid: 's1' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': btoa(JSON.stringify(content)) },
  })
  await runPod(rig, 'first', { imagePullSecrets: [{ name: 'pull' }] })
  expect(running(rig, 'first')).toBe(true)
  expect(rig.pulls.map((auth) => auth?.password)).toEqual(['from secret', 'from node', 'from program'])
  // The credentials were the node's: every pod may use the image.
  await runPod(rig, 'second', {
    containers: [{ name: 'app', image: 'eu.example.org/team/app:1', imagePullPolicy: 'Never' }],
  })
  expect(running(rig, 'second')).toBe(true)
  await rig.node.stop()
})

test('a program that wants a service account gets a token of the pod, and the image is for pods of the account', async () => {
  program('one', response({ 'eu.example.org': login('right') }))
  const tokenAttributes = {
    serviceAccountTokenAudience: 'registry',
    cacheType: 'ServiceAccount',
    requireServiceAccount: true,
    requiredServiceAccountAnnotationKeys: ['example.org/role'],
    optionalServiceAccountAnnotationKeys: ['example.org/tenant', 'example.org/absent'],
  }
  const rig = await start([provider('one', { tokenAttributes })], ['right'])
  const { api } = rig.node
  const requests: [string, object][] = []
  api.subresource = (_resource, key, _subresource, request) => {
    requests.push([key.name, request])
    const expirationTimestamp = new Date(rig.node.clock.now() + 3_600_000).toISOString()
    return { ...request, status: { token: `token-${requests.length}`, expirationTimestamp } }
  }
  const annotations = { 'example.org/role': 'puller', 'example.org/tenant': 'blue', 'example.org/other': 'hidden' }
  for (const name of ['builder', 'guest', 'plain']) {
    const metadata = { name, namespace: 'default', uid: `uid-${name}` }
    await api.create(serviceaccounts, { metadata: name === 'plain' ? metadata : { ...metadata, annotations } })
  }
  await runPod(rig, 'first', { serviceAccountName: 'builder' })
  expect(running(rig, 'first')).toBe(true)
  expect(asked('one')).toEqual([
    {
      kind: 'CredentialProviderRequest',
      apiVersion: v1,
      image: 'eu.example.org/team/app',
      serviceAccountToken: 'token-1',
      serviceAccountAnnotations: { 'example.org/role': 'puller', 'example.org/tenant': 'blue' },
    },
  ])
  const { uid } = rig.node.pod('first').metadata
  expect(requests).toEqual([
    [
      'builder',
      expect.objectContaining({
        metadata: { uid: 'uid-builder' },
        spec: {
          audiences: ['registry'],
          expirationSeconds: 3600,
          boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'first', uid },
        },
      }),
    ],
  ])
  const present = { containers: [{ name: 'app', image: 'eu.example.org/team/app:1', imagePullPolicy: 'Never' }] }
  await runPod(rig, 'same', { ...present, serviceAccountName: 'builder' })
  expect(running(rig, 'same')).toBe(true)
  await runPod(rig, 'guest', { ...present, serviceAccountName: 'guest' })
  expect(running(rig, 'guest')).toBe(false)
  // Neither without an account, nor with one that lacks the annotation, is the program asked.
  const before = asked('one').length
  await runPod(rig, 'plain', { serviceAccountName: 'plain' })
  await runPod(rig, 'none', {})
  expect(asked('one')).toHaveLength(before)
  expect([running(rig, 'plain'), running(rig, 'none')]).toEqual([false, false])
  expect(rig.node.kubelet.parts.metrics.text()).toContain(
    'kubelet_imagemanager_image_mustpull_checks_total{result="credentialRecordFound"} 1',
  )
  await rig.node.stop()
})

test('a program that fails, or answers what can not be used, is told of, and the others count', async () => {
  program('broken', {}, 'echo no luck >&2; exit 3')
  program('former', response({}, { apiVersion: 'credentialprovider.kubelet.k8s.io/v1beta1' }))
  program('unclear', response({ 'eu.example.org': login('right') }, { secretField: 'x' }))
  program('keyless', response({ 'eu.example.org': login('right') }, { cacheKeyType: 'Tag' }))
  program('good', response({ 'eu.example.org': login('right') }))
  const rig = await start(
    ['broken', 'former', 'unclear', 'keyless', 'good'].map((name) => provider(name)),
    ['right'],
  )
  await runPod(rig, 'first', {})
  expect(running(rig, 'first')).toBe(true)
  expect(rig.pulls).toHaveLength(1)
  const told = rig.log.join('')
  const failed = 'failed to get credential from external registry credential provider: '
  for (const text of [
    `${failed}error execing credential provider plugin broken for image eu.example.org/team/app: exit status 3: no luck`,
    `${failed}apiVersion from credential plugin response did not match expected apiVersion:${v1}, actual apiVersion:credentialprovider.kubelet.k8s.io/v1beta1`,
    `${failed}error decoding credential provider plugin response from stdout`,
    'credential provider plugin did not return a valid cacheKeyType: Tag',
  ]) {
    expect(told).toContain(text)
  }
  expect(told).not.toContain('right')
  const metrics = rig.node.kubelet.parts.metrics.text()
  expect(metrics).toContain('kubelet_credential_provider_plugin_errors_total{plugin_name="broken"} 1')
  expect(metrics).not.toContain('errors_total{plugin_name="former"}')
  await rig.node.stop()
})

test('a program that never ends is killed, with what it has started', async () => {
  program('endless', response({}), 'sleep 1000 & echo waiting >&2; wait')
  const { run } = await load(configured([provider('endless')]))
  const call = run({ name: 'endless', args: [], env: [], input: '{}', timeoutMs: 300 })
  await expect(call).rejects.toThrow('context deadline exceeded: waiting\n')
})

test('configurations that can not be used are refused in words that name what is wrong', async () => {
  program('one', response({}))
  const refusal = async (providers: readonly object[], version?: string): Promise<string> =>
    load(configured(providers, version)).then(
      () => '',
      (error: Error) => error.message.replaceAll(folder, ''),
    )
  const invalid = 'failed to validate credential provider config: '
  expect(await refusal([provider('one')])).toBe('')
  expect(await refusal([])).toBe(`${invalid}providers: Required value: at least 1 item in plugins is required`)
  expect(await refusal([{ name: 'a /b' }])).toBe(
    `${invalid}[providers.name: Invalid value: "a /b": provider name cannot contain '/', ` +
      `providers.name: Invalid value: "a /b": provider name cannot contain spaces, ` +
      'providers.apiVersion: Required value, providers.matchImages: Required value: at least 1 item in matchImages is required, ' +
      'providers.defaultCacheDuration: Required value]',
  )
  expect(
    await refusal([provider('..', { apiVersion: 'v9', matchImages: ['%invalid%'], defaultCacheDuration: '-1m' })]),
  ).toBe(
    `${invalid}[providers.name: Invalid value: "..": provider name cannot be '..', providers.apiVersion: Unsupported value: "v9": ` +
      'supported values: "credentialprovider.kubelet.k8s.io/v1", "credentialprovider.kubelet.k8s.io/v1alpha1", "credentialprovider.kubelet.k8s.io/v1beta1", ' +
      'providers.matchImages: Invalid value: "%invalid%": match image is invalid: parse "https://%invalid%": invalid URL escape "%in", ' +
      'providers.defaultCacheDuration: Invalid value: "-1m0s": must be greater than or equal to 0]',
  )
  const tokenAttributes = {
    requireServiceAccount: false,
    cacheType: 'Pod',
    requiredServiceAccountAnnotationKeys: ['a', 'a', 'b/c/d'],
    optionalServiceAccountAnnotationKeys: ['a'],
  }
  const at = 'providers.tokenAttributes'
  const key =
    "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') " +
    "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
  expect(await refusal([provider('one', { tokenAttributes })])).toBe(
    `${invalid}[${at}.serviceAccountTokenAudience: Required value, ` +
      `${at}.requiredServiceAccountAnnotationKeys: Forbidden: requireServiceAccount cannot be false when requiredServiceAccountAnnotationKeys is set, ` +
      `${at}.requiredServiceAccountAnnotationKeys: Duplicate value: "a", ` +
      `${at}.requiredServiceAccountAnnotationKeys: Invalid value: "b/c/d": ${key}, ` +
      `${at}: Invalid value: ["a"]: annotation keys cannot be both required and optional, ` +
      `${at}.cacheType: Unsupported value: "Pod": supported values: "ServiceAccount", "Token"]`,
  )
  expect(await refusal([provider('one', { tokenAttributes })], 'v1beta1')).toBe(
    'error decoding config "/config.yaml": strict decoding error: unknown field "providers[0].tokenAttributes"',
  )
  expect(await refusal([provider('one'), provider('one')])).toBe(
    'duplicate provider name "one" found in configuration file(s)',
  )
  expect(await refusal([provider('missing')])).toBe('plugin binary executable /bin/missing did not exist')
  await expect(load(join(folder, 'bin'))).rejects.toThrow('no configuration files found in directory')
  await expect(loadCredentialProviders({ config: '', programs: folder })).rejects.toThrow(
    'credential provider config path is empty',
  )
  await expect(loadCredentialProviders({ config: '', programs: '/nowhere' })).rejects.toThrow(
    'plugin binary directory /nowhere did not exist',
  )
})

test('files of a folder are read in the order of their names, as one configuration', async () => {
  for (const name of ['one', 'two']) program(name, response({}))
  const config = join(folder, 'config')
  mkdirSync(config)
  const write = (file: string, apiVersion: string, name: string): void =>
    writeFileSync(
      join(config, file),
      `apiVersion: ${apiVersion}\nkind: CredentialProviderConfig\nproviders:\n- {name: ${name}, matchImages: [a.org], defaultCacheDuration: 1s, apiVersion: ${v1}}\n`,
    )
  write('b.json', 'kubelet.config.k8s.io/v1alpha1', 'two')
  write('a.yml', 'kubelet.config.k8s.io/v1', 'one')
  writeFileSync(join(config, 'readme.txt'), 'no configuration')
  const { providers, hash } = await load(config)
  expect(providers.map(({ name }) => name)).toEqual(['one', 'two'])
  write('b.json', 'kubelet.config.k8s.io/v1beta1', 'two')
  expect((await load(config)).hash).not.toBe(hash)
})
