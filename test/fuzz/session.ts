import * as fc from 'fast-check'
import { fault, hasCause, mustNotChange } from './checks.ts'
import type { Answer } from './checks.ts'
import { namespaces } from './words.ts'
import { RequestArbitrary, Tokens } from './requests.ts'
import type { FuzzRequest } from './requests.ts'
import { builtin, collectionPath, custom, customGroup } from './resources.ts'
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
const cleanEvery = 400
/** Requests that are drawn at a time, each time from a seed of its own. */
const batch = 100

/** Answers by code. */
export type Tally = Map<string, number>

/** Sends the requests of a seed, one after the other, and looks at every answer. */
export async function fuzz(system: System, { seed, count, found, progress }: SessionOptions): Promise<Tally> {
  const tokens = new Tokens()
  const tally: Tally = new Map()
  await prepare(system)
  for (let index = 0; index < count;) {
    for (const request of fc.sample(new RequestArbitrary(tokens, seed + index), {
      seed: seed + index,
      numRuns: Math.min(batch, count - index),
    })) {
      const before = index % system.looksEvery === 0 ? await system.revision() : undefined
      const answer = await system.send(request)
      const tell = (what: string): void => found({ fault: what, seed, index, request, answer })
      const wrong = fault(request, answer)
      if (wrong !== undefined) tell(wrong)
      for (const complaint of system.complaints()) if (!hasCause(complaint)) tell(complaint)
      if (before !== undefined && mustNotChange(request, answer) && (await system.revision()) !== before) {
        if (await changes(system, request)) tell('what changed nothing changed something')
      }
      keepToken(answer, tokens)
      const key = `${request.method} ${answer.code}`
      tally.set(key, (tally.get(key) ?? 0) + 1)
      index++
      if (index % cleanEvery === 0) await clean(system)
      if (progress && index % progress.every === 0) await progress.tell(index)
    }
  }
  return tally
}

/** Whether a request changes something each time it is sent: servers also write by themselves, now and then. */
async function changes(system: System, request: FuzzRequest): Promise<boolean> {
  for (let times = 0; times < 3; times++) {
    const before = await system.revision()
    await system.send(request)
    if ((await system.revision()) === before) return false
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

/** Takes away what the requests made, as far as it stands in the way of more. */
async function clean(system: System): Promise<void> {
  const first = (plural: string): number =>
    /webhook|policies$|policybindings/.test(plural) ? 0 : plural === 'customresourcedefinitions' ? 2 : 1
  for (const target of [...builtin, ...custom].toSorted((a, b) => first(a.plural) - first(b.plural))) {
    if (!target.verbs.includes('list')) continue
    const collection = collectionPath(target, '')
    const listed = await send(system, 'GET', collection)
    if (listed.code !== 200) continue
    const { items } = JSON.parse(Buffer.from(listed.body).toString()) as { readonly items: readonly Item[] | null }
    for (const item of items ?? [])
      await remove(system, collectionPath(target, item.metadata.namespace ?? ''), item, kept.has(target.plural))
  }
  await prepare(system)
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
