import { describe, expect, test, vi } from 'vitest'
import type { FlowSchema, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import { startClusterServer, startTestServer } from '../server.ts'
import { good, message, patch, refusals } from './objects.ts'

const flowControl = '/apis/flowcontrol.apiserver.k8s.io/v1'
const schemas = `${flowControl}/flowschemas`
const levels = `${flowControl}/prioritylevelconfigurations`
const subjects = [{ kind: 'Group', group: { name: 'g' } }]

describe('flow schemas', () => {
  const schema = (rules: readonly object[], fields: object = {}): object => ({
    metadata: { name: 's' },
    spec: { priorityLevelConfiguration: { name: 'l' }, rules, ...fields },
  })

  test('a schema comes in the middle unless it says otherwise', async () => {
    await using server = await startTestServer()
    const { spec, metadata } = good<FlowSchema>(await server.request('POST', schemas, schema([])))
    expect([spec?.matchingPrecedence, metadata.generation]).toEqual([1000, 1])
    expect(refusals(await patch(server, `${schemas}/s`, { spec: { matchingPrecedence: 10_001 } }))).toEqual([
      'spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000',
    ])
  })

  test('the first place belongs to the schema of the exempt', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', schemas, schema([], { matchingPrecedence: 1 })))).toEqual([
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
    ])
  })

  test('a rule is for somebody and for something', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', schemas, schema([{ subjects: [] }, { subjects }])))).toEqual([
      'spec.rules[0].subjects: Required value: subjects must contain at least one value',
      'spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
      'spec.rules[1]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
    ])
    const nonResourceRules = [{ verbs: ['get'], nonResourceURLs: ['a'] }]
    expect(refusals(await server.request('POST', schemas, schema([{ subjects, nonResourceRules }])))).toEqual([
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "a": must start with slash',
    ])
  })

  test('a Table shows them in the order in which they are asked', async () => {
    await using server = await startTestServer()
    const subject = { subjects, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/a'] }] }
    for (const [name, matchingPrecedence] of [
      ['a', 300],
      ['b', 20],
      ['c', 300],
      ['d', 100],
    ] as const) {
      const spec = { priorityLevelConfiguration: { name: 'l' }, rules: [subject], matchingPrecedence }
      good(await server.request('POST', schemas, { metadata: { name }, spec }))
    }
    const accept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    const { body } = await server.request('GET', schemas, undefined, accept)
    const { rows } = body as { readonly rows: readonly { readonly cells: readonly unknown[] }[] }
    expect(rows.map(({ cells }) => cells[0])).toEqual(['b', 'd', 'a', 'c'])
    const { items } = good<{ items: readonly FlowSchema[] } & FlowSchema>(await server.request('GET', schemas))
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('what every cluster has keeps its spec', async () => {
    await using server = await startClusterServer()
    expect(message(await patch(server, `${schemas}/exempt`, { spec: { matchingPrecedence: 2 } }))).toContain(
      "spec of 'exempt' must equal the fixed value",
    )
  })
})

describe('priority levels', () => {
  const level = (spec: object): object => ({ metadata: { name: 'l' }, spec })

  test('a limited level has shares and the places of its queues', async () => {
    await using server = await startTestServer()
    const wanted = level({ type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} } } })
    const { spec } = good<PriorityLevelConfiguration>(await server.request('POST', levels, wanted))
    expect(spec?.limited).toEqual({
      nominalConcurrencyShares: 30,
      lendablePercent: 0,
      limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
    })
  })

  test('a hand is no larger than there are queues', async () => {
    await using server = await startTestServer()
    const queuing = { queues: 4, handSize: 8, queueLengthLimit: 1 }
    const wanted = level({ type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing } } })
    expect(refusals(await server.request('POST', levels, wanted))[0]).toMatch(
      /^spec\.limited\.limitResponse\.queuing\.handSize: Invalid value: 8: should not be greater than queues \(4\)/,
    )
  })

  test('only the exempt level is exempt', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', levels, level({ type: 'Exempt' })))[0]).toBe(
      "spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'",
    )
  })
})

test('what is the server’s own and no default is removed while it runs, and defaults come back', async () => {
  await using server = await startClusterServer()
  const stop = new AbortController()
  const running = server.server.start(stop.signal)
  const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' }
  const spec = { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } }
  good(await server.request('POST', levels, { metadata: { name: 'former', annotations }, spec }))
  good(await server.request('POST', levels, { metadata: { name: 'own' }, spec }))
  good(await server.request('DELETE', `${schemas}/probes`))
  const codes = async (): Promise<readonly number[]> => {
    await server.clock.advance(10_000)
    const urls = [`${levels}/former`, `${levels}/own`, `${schemas}/probes`]
    return Promise.all(urls.map(async (url) => (await server.request('GET', url)).code))
  }
  await vi.waitFor(async () => expect(await codes()).toEqual([404, 200, 200]), { timeout: 20_000 })
  stop.abort()
  await running
})

test('the condition of a schema that somebody wrote over is told anew, since now', async () => {
  await using server = await startClusterServer()
  const stop = new AbortController()
  const running = server.server.start(stop.signal)
  const old = {
    type: 'Dangling',
    status: 'False',
    reason: 'r',
    message: 'm',
    lastTransitionTime: '2020-01-01T00:00:00Z',
  }
  const since = async (): Promise<string | undefined> => {
    await server.clock.advance(1000)
    const { status } = good<FlowSchema>(await server.request('GET', `${schemas}/probes`))
    const [condition] = status?.conditions ?? []
    return condition?.reason === 'Found' ? condition.lastTransitionTime : undefined
  }
  await vi.waitFor(async () => expect(await since()).toBeDefined(), { timeout: 20_000 })
  good(await patch(server, `${schemas}/probes/status`, { status: { conditions: [old] } }))
  await vi.waitFor(async () => expect(await since()).toBeDefined(), { timeout: 20_000 })
  expect(await since()).not.toBe(old.lastTransitionTime)
  stop.abort()
  await running
})
