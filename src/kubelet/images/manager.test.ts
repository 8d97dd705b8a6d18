import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { defer, VirtualClock } from '#base'
import type { Deferred } from '#base'
import type { Secret } from '#api/core/v1'
import type { AuthConfig, ImageService, RuntimeImage } from '../runtime/images.ts'
import { RuntimeError } from '../runtime/error.ts'
import { AgentMetrics } from '../metrics/agent-metrics.ts'
import { ImageManager, type ImageOutcome, type PullPolicy } from './manager.ts'
import { verificationBy, type VerificationPolicy } from './pull-policy.ts'
import { PullCredentials } from './pull-credentials.ts'
import { PullRecords, type SavedPulls } from './pull-records.ts'

const image = 'example.org/team/app:1'
const id = 'sha256:app'

/** A registry that lets in whoever knows the password, and a machine with some images. */
class Machine {
  readonly clock = new VirtualClock()
  readonly events: string[] = []
  readonly present = new Map<string, RuntimeImage>()
  readonly pulls: (AuthConfig | undefined)[] = []
  saved: SavedPulls = { pulled: {}, pulling: [] }
  password: string | undefined = 'right'
  /** Held up pulls. */
  gate: Deferred<void> | undefined
  /** What the runtime says to every pull. */
  failure: RuntimeError | undefined

  readonly images: ImageService = {
    list: () => Promise.resolve([...this.present.values()]),
    status: (spec) => Promise.resolve(this.present.get(spec.image)),
    pull: async (spec, auth) => {
      this.pulls.push(auth)
      await this.gate?.promise
      if (this.failure) throw this.failure
      if (this.password !== undefined && auth?.password !== this.password) throw new Error('unauthorized')
      this.add(spec.image)
      return id
    },
    remove: () => Promise.resolve(),
    filesystems: () => Promise.resolve([]),
    containerFilesystems: () => Promise.resolve([]),
  }

  add(name: string): void {
    this.present.set(name, { id, size: 5, repoTags: [name] })
  }

  /** An agent that starts with what the one before has saved. */
  agent({ policy = 'NeverVerifyPreloadedImages', allowed = [], ...more }: AgentOptions = {}): ImageManager {
    return new ImageManager({
      metrics: new AgentMetrics(this.clock),
      images: this.images,
      clock: this.clock,
      records: new PullRecords({
        clock: this.clock,
        before: structuredClone(this.saved),
        save: (pulls) => (this.saved = structuredClone(pulls)),
        verifies: verificationBy(policy, allowed),
      }),
      credentials: new PullCredentials(),
      record: (_, type, reason, message) => this.events.push(`${type} ${reason} ${message}`),
      parallelPulls: 1,
      pullRate: { perSecond: 0, burst: 0 },
      ...more,
    })
  }
}

interface AgentOptions {
  readonly policy?: VerificationPolicy
  readonly allowed?: readonly string[]
  readonly parallelPulls?: number
  readonly pullRate?: { readonly perSecond: number; readonly burst: number }
}

function secret(name: string, password: string): Secret {
  const auths = { 'example.org': { auth: btoa(`user:${password}`) } }
  return {
    metadata: { name, namespace: 'default', uid: `uid-${name}` },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) },
  }
}

const ask = (
  agent: ImageManager,
  pullSecrets: readonly Secret[] = [],
  policy: PullPolicy = 'IfNotPresent',
  name = image,
): Promise<ImageOutcome> =>
  agent.ensure({
    pod: { metadata: { uid: 'pod' }, spec: { containers: [] } },
    image: name,
    policy,
    reference: {},
    pullSecrets,
  })

const why = (outcome: ImageOutcome): string => ('reason' in outcome ? outcome.reason : 'there')

test('an image that one pod pulled with a secret is there for others only who have it, also after a restart', async () => {
  const machine = new Machine()
  expect(why(await ask(machine.agent(), [secret('one', 'right')]))).toBe('there')
  const next = machine.agent()
  expect(why(await ask(next, [secret('other', 'right')]))).toBe('there')
  expect(why(await ask(next, [secret('one', 'rotated')]))).toBe('there')
  expect(machine.pulls).toHaveLength(1)
  expect(why(await ask(next, [secret('third', 'wrong')]))).toBe('ErrImagePull')
  expect(why(await ask(next, [], 'Never'))).toBe('ErrImageNeverPull')
  expect(machine.pulls).toHaveLength(2)
})

test('an image that was preloaded is for everyone, and one that was pulled without a secret too', async () => {
  const machine = new Machine()
  machine.add(image)
  expect(why(await ask(machine.agent()))).toBe('there')
  expect(machine.pulls).toEqual([])
  machine.password = undefined
  await ask(machine.agent(), [], 'IfNotPresent', 'example.org/free:1')
  expect(why(await ask(machine.agent(), [], 'Never', 'example.org/free:1'))).toBe('there')
})

test('an image whose pull an agent did not see the end of has to be asked for again', async () => {
  const machine = new Machine()
  machine.gate = defer<void>()
  void ask(machine.agent(), [secret('one', 'right')])
  await machine.clock.advance(1)
  // The agent was killed, the runtime went on.
  machine.add(image)
  machine.gate = undefined
  const next = machine.agent()
  expect(why(await ask(next, [], 'Never'))).toBe('ErrImageNeverPull')
  expect(why(await ask(next, [secret('one', 'right')]))).toBe('there')
  expect(machine.pulls).toHaveLength(2)
  expect(machine.saved.pulling).toEqual([])
})

test('a pull that fails leaves an image that was preloaded for everyone', async () => {
  const machine = new Machine()
  machine.add(image)
  expect(why(await ask(machine.agent(), [], 'Always'))).toBe('ErrImagePull')
  expect(why(await ask(machine.agent()))).toBe('there')
})

test.each([
  ['NeverVerify', [], 'there'],
  ['AlwaysVerify', [], 'ErrImageNeverPull'],
  ['NeverVerifyAllowlistedImages', ['example.org/team/*'], 'there'],
  ['NeverVerifyAllowlistedImages', ['example.org/team/app'], 'there'],
  ['NeverVerifyAllowlistedImages', ['example.org/te/*', 'example.org/team'], 'ErrImageNeverPull'],
] as const)('under %s with %j a preloaded image is %s', async (policy, allowed, outcome) => {
  const machine = new Machine()
  machine.add(image)
  expect(why(await ask(machine.agent({ policy, allowed }), [], 'Never'))).toBe(outcome)
})

test.each([
  [' x', 'leading/trailing spaces are not allowed:  x'],
  ['a*b', "not a valid wildcard pattern, only patterns ending with '/*' are allowed: a*b"],
  ['/*', 'at least registry hostname is required'],
  ['example.org/a:1', 'neither tag nor digest is accepted in an image reference: example.org/a:1'],
  ['', 'the supplied pattern is too short: '],
])('%j is refused as a pattern of images', (pattern, message) => {
  expect(() => verificationBy('NeverVerifyAllowlistedImages', [pattern])).toThrow(message)
})

test('records of images that are gone are forgotten, but not of one that came after they were looked for', async () => {
  const machine = new Machine()
  await ask(machine.agent(), [secret('one', 'right')])
  const records = new PullRecords({
    clock: machine.clock,
    before: machine.saved,
    save: (pulls) => (machine.saved = pulls),
    verifies: () => true,
  })
  const pulled = machine.clock.now()
  records.prune(new Set([id]), pulled + 1)
  expect(Object.keys(machine.saved.pulled)).toEqual([id])
  records.prune(new Set(), pulled)
  expect(Object.keys(machine.saved.pulled)).toEqual([id])
  records.prune(new Set(), pulled + 1)
  expect(machine.saved.pulled).toEqual({})
})

test('an image whose record can not be read is none that was there before', async () => {
  const machine = new Machine()
  machine.add(image)
  machine.saved = { pulled: {}, pulling: [], unreadable: [createHash('sha256').update(id).digest('hex')] }
  expect(why(await ask(machine.agent(), []))).toBe('ErrImagePull')
  expect(why(await ask(machine.agent(), [secret('one', 'right')]))).toBe('there')
})

test('what opened an image under one name does not open it under another, though both mean the same', async () => {
  const machine = new Machine()
  machine.password = undefined
  await ask(machine.agent(), [], 'IfNotPresent', 'team/app:1')
  machine.password = 'right'
  machine.add('docker.io/team/app:1')
  expect(why(await ask(machine.agent(), [], 'IfNotPresent', 'team/app:1'))).toBe('there')
  expect(why(await ask(machine.agent(), [], 'IfNotPresent', 'docker.io/team/app:1'))).toBe('ErrImagePull')
})

test("credentials are noted by the SHA-256 of the registry client's JSON of them", async () => {
  const machine = new Machine()
  machine.password = 'a<b'
  await ask(machine.agent(), [secret('one', 'a<b')])
  const json = String.raw`{"username":"user","password":"a\u003cb"}`
  expect(machine.saved.pulled[id]?.credentials['example.org/team/app']?.secrets).toEqual([
    { uid: 'uid-one', namespace: 'default', name: 'one', hash: createHash('sha256').update(json).digest('hex') },
  ])
})

test('pulls wait for each other, as many at a time as are allowed', async () => {
  const machine = new Machine()
  machine.password = undefined
  machine.gate = defer<void>()
  const agent = machine.agent({ parallelPulls: 2 })
  const all = ['a', 'b', 'c', 'd'].map((name) => ask(agent, [], 'Always', name))
  await machine.clock.advance(1)
  expect(machine.pulls).toHaveLength(2)
  machine.gate.resolve()
  expect((await Promise.all(all)).map(why)).toEqual(['there', 'there', 'there', 'there'])
})

test('pulls beyond the rate fail, and are tried again after a delay that doubles', async () => {
  const machine = new Machine()
  machine.password = undefined
  const agent = machine.agent({ pullRate: { perSecond: 0.01, burst: 1 } })
  expect(why(await ask(agent, [], 'Always', 'a'))).toBe('there')
  expect(await ask(agent, [], 'Always', 'b')).toEqual({ reason: 'ErrImagePull', message: 'pull QPS exceeded' })
  await machine.clock.advance(9000)
  expect(await ask(agent, [], 'Always', 'b')).toEqual({
    reason: 'ImagePullBackOff',
    message: 'Back-off pulling image "b": ErrImagePull: pull QPS exceeded',
  })
  await machine.clock.advance(1500)
  expect(why(await ask(agent, [], 'Always', 'b'))).toBe('ErrImagePull')
  await machine.clock.advance(19_000)
  expect(why(await ask(agent, [], 'Always', 'b'))).toBe('ImagePullBackOff')
  await machine.clock.advance(100_000)
  expect(why(await ask(agent, [], 'Always', 'b'))).toBe('there')
})

test.for([
  ['Unknown', 'no such host', 'ErrImagePull', 'no such host'],
  ['NotFound', 'gone', 'ErrImagePull', 'rpc error: code = NotFound desc = gone'],
  [
    'Unknown',
    'RegistryUnavailable: asleep',
    'RegistryUnavailable',
    `image pull failed for ${image} because the registry is unavailable: asleep`,
  ],
] as const)('a pull that fails as %s: %s is told of as %s', async ([code, description, reason, message]) => {
  const machine = new Machine()
  machine.failure = new RuntimeError(code, description)
  expect(await ask(machine.agent())).toEqual({ reason, message })
})

test('a name that is not in lower case is refused by its repository', async () => {
  const outcome = await ask(new Machine().agent(), [], 'IfNotPresent', 'UPPER:::x')
  expect(outcome).toMatchObject({
    reason: 'InvalidImageName',
    message: expect.stringMatching(/: repository name \(library\/UPPER\) must be lowercase$/),
  })
})
