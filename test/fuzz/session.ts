import * as fc from 'fast-check'
import { fault, hasCause, mustNotChange } from './checks.ts'
import type { Answer } from './checks.ts'
import { namespaces } from './words.ts'
import { RequestArbitrary, Tokens } from './requests.ts'
import type { FuzzRequest } from './requests.ts'
import { builtin, collectionPath, custom, customGroup } from './resources.ts'
import type { Target } from './resources.ts'
import type { System } from './system.ts'

/** Something that should not be, with what led to it. */
export interface Finding {
  readonly fault: string
  readonly seed: number
  /** Position of the request among those of the seed. */
  readonly index: number
  readonly request: FuzzRequest
  readonly answer: Answer
}

export interface SessionOptions {
  readonly seed: number
  readonly count: number
  readonly found: (finding: Finding) => void
  /** Called after so many requests. */
  readonly progress?: { readonly every: number; tell(done: number): Promise<void> }
}

/** Requests between two clean-ups, so that there is room for new objects. */
const stretch = 1000
/** Of so many requests, those that are looked at come first, and the others don't wait for each other. */
const block = 10 * stretch
/** Requests that are drawn at a time, each time from a seed of its own. */
const batch = 100

/** Answers by code. */
export type Tally = Map<string, number>

/** Sends the requests of a seed, as many at a time as the system takes, and looks at every answer. */
export async function fuzz(system: System, { seed, count, found, progress }: SessionOptions): Promise<Tally> {
  const tokens = new Tokens()
  const tally: Tally = new Map()
  /** What the store was known to be at, while nobody else writes. */
  let known: string | undefined
  const judge = async ({ request, index }: Drawn, looks: boolean): Promise<void> => {
    const before = looks ? (known ?? (await system.revision())) : undefined
    const [answer, after] = looks ? await system.sendAndLook(request) : [await system.send(request), undefined]
    const unchanged = mustNotChange(request, answer)
    known = unchanged ? after : undefined
    const tell = (what: string): void => found({ fault: what, seed, index, request, answer })
    const wrong = fault(request, answer)
    if (wrong !== undefined) tell(wrong)
    for (const complaint of system.complaints()) if (!hasCause(complaint)) tell(complaint)
    if (unchanged && after !== before) {
      known = undefined
      if (await changes(system, request)) tell('what changed nothing changed something')
    }
    keepToken(answer, tokens)
    const key = `${request.method} ${answer.code}`
    tally.set(key, (tally.get(key) ?? 0) + 1)
  }
  let done = 0
  /** Whoever comes to the end of a stretch cleans up, and the others go on meanwhile. */
  const act = async (each: Drawn, looks: boolean): Promise<void> => {
    await judge(each, looks)
    const place = ++done
    if (place % stretch === 0) {
      await clean(system)
      known = undefined
    }
    if (progress && place % progress.every === 0) await progress.tell(place)
  }
  await prepare(system)
  for (let from = 0; from < count; from += block) {
    const to = Math.min(from + block, count)
    const alone = from + Math.round((to - from) * system.looks)
    for (const each of drawn(tokens, seed, from, alone)) await act(each, true)
    await inParallel(system.inFlight, drawn(tokens, seed, alone, to), (each) => act(each, false))
    known = undefined
  }
  return tally
}

interface Drawn {
  readonly request: FuzzRequest
  readonly index: number
}

/** Draws requests when they are about to be sent, since some go on with what was answered before. */
function* drawn(tokens: Tokens, seed: number, from: number, to: number): Iterable<Drawn> {
  for (let index = from; index < to;) {
    const numRuns = Math.min(batch, to - index)
    const requests = fc.sample(new RequestArbitrary(tokens, seed + index), { seed: seed + index, numRuns })
    for (const request of requests) yield { request, index: index++ }
  }
}

/** Does something with each of several, some at a time. */
async function inParallel<T>(most: number, all: Iterable<T>, act: (each: T) => Promise<void>): Promise<void> {
  const iterator = all[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await act(next.value)
  }
  await Promise.all(Array.from({ length: most }, lane))
}

/** Whether a request changes something each time it is sent: servers also write by themselves, now and then. */
async function changes(system: System, request: FuzzRequest): Promise<boolean> {
  for (let times = 0; times < 3; times++) {
    const before = await system.revision()
    const [, after] = await system.sendAndLook(request)
    if (after === before) return false
  }
  return true
}

function keepToken({ body }: Answer, tokens: Tokens): void {
  const start = Buffer.from(body.subarray(0, 400)).toString('latin1')
  const token = /"continue":"([^"]+)"/.exec(start)?.[1]
  if (token !== undefined) tokens.add(token)
}

const plain = { accept: 'application/json', 'content-type': 'application/json' }
const encoder = new TextEncoder()

async function send(
  system: System,
  method: string,
  url: string,
  body?: unknown,
  contentType?: string,
): Promise<Answer> {
  const headers = contentType === undefined ? plain : { ...plain, 'content-type': contentType }
  return system.send({
    method,
    url,
    headers,
    streams: false,
    ...(body === undefined ? {} : { body: encoder.encode(JSON.stringify(body)) }),
  })
}

async function prepare(system: System): Promise<void> {
  for (const name of namespaces) {
    await send(system, 'POST', '/api/v1/namespaces', {
      metadata: { name, labels: name === 'fz-2' ? { fuzz: 'policies' } : {} },
    })
    await send(system, 'POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } })
  }
}

/** What the server itself needs. */
const kept = new Set([
  'namespaces',
  'apiservices',
  'clusterroles',
  'clusterrolebindings',
  'flowschemas',
  'prioritylevelconfigurations',
  'priorityclasses',
  'servicecidrs',
  'ipaddresses',
])

/** Takes away what the requests made, as far as it stands in the way of more; policies and webhooks first. */
async function clean(system: System): Promise<void> {
  const all = [...builtin, ...custom].filter(({ verbs }) => verbs.includes('list'))
  for (const order of [0, 1, 2]) {
    const targets = all.filter(({ plural }) => orderOf(plural) === order)
    await inParallel(system.inFlight, targets, (target) => cleanTarget(system, target))
  }
  await prepare(system)
}

function orderOf(plural: string): number {
  if (/webhook|policies$|policybindings/.test(plural)) return 0
  return plural === 'customresourcedefinitions' ? 2 : 1
}

async function cleanTarget(system: System, target: Target): Promise<void> {
  const listed = await send(system, 'GET', collectionPath(target, ''))
  if (listed.code !== 200) return
  const { items } = JSON.parse(Buffer.from(listed.body).toString()) as { readonly items: readonly Item[] | null }
  for (const item of items ?? [])
    await remove(system, collectionPath(target, item.metadata.namespace ?? ''), item, kept.has(target.plural))
}

interface Item {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly finalizers?: readonly string[] }
}

async function remove(system: System, collection: string, { metadata }: Item, careful: boolean): Promise<void> {
  const { name, finalizers = [] } = metadata
  if (careful && !name.startsWith('fz-') && !name.includes('.example') && !name.startsWith('10.0.0.77')) return
  if (namespaces.includes(name) && collection.endsWith('/namespaces')) return
  const path = `${collection}/${encodeURIComponent(name)}`
  await send(system, 'DELETE', `${path}?gracePeriodSeconds=0`)
  if (collection.endsWith('/namespaces'))
    await send(system, 'PUT', `${path}/finalize`, {
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: { name },
      spec: { finalizers: [] },
    })
  if (finalizers.length > 0 && !name.endsWith(customGroup))
    await send(system, 'PATCH', path, { metadata: { finalizers: null } }, 'application/merge-patch+json')
}
