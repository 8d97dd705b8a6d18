import { beforeAll, describe, expect, test } from 'vitest'
import { configmaps, pods } from '#api/core/v1'
import { transportErrorCode } from '#client'
import { createBench, key, until } from './testing/rig.ts'
import type { Bench, Rig } from './testing/rig.ts'
import { answerJson, bodyText } from './testing/tls-server.ts'
import type { TestRequest } from './testing/tls-server.ts'

let bench: Bench
beforeAll(async () => {
  bench = await createBench()
})

const isLane = (request: TestRequest): boolean => request.httpVersion === '1.1'
const many = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)
const configMap = (i: number) => ({ metadata: { namespace: 'ns', name: `x-${i}` }, data: { é: 'ü'.repeat(i * 100) } })

/** Enough for some connections to be worth their while. */
const warmUp = async (r: Rig): Promise<void> => {
  for (let i = 0; i < 3; i++) await Promise.all(many(80).map(() => r.client.get(pods, key)))
}

describe('a client with much to ask at once', () => {
  test('gets connections beside the first, not too many, and every answer where it belongs', async () => {
    let lanes = 0
    await using r = await bench.rig(
      async (request, response) => {
        if (isLane(request)) lanes++
        const text = await bodyText(request)
        answerJson(response, 201, text === '' ? { metadata: {} } : JSON.parse(text))
      },
      {},
      { busyConnections: 4 },
    )
    await warmUp(r)
    const created = await Promise.all(many(200).map((i) => r.client.create(configmaps, configMap(i))))
    expect(created).toEqual(many(200).map(configMap))
    expect(lanes).toBeGreaterThan(4)
    expect(r.server.connections.made).toBeGreaterThan(2)
    expect(r.server.connections.made).toBeLessThanOrEqual(5)
  })

  test('stays on one connection while there is little to ask', async () => {
    await using r = await bench.rig((_request, response) => answerJson(response, 200, { metadata: {} }))
    for (let i = 0; i < 20; i++) await Promise.all(many(4).map(() => r.client.get(pods, key)))
    await Promise.all(many(15).map(() => r.client.get(pods, key)))
    expect(r.server.connections.made).toBe(1)
  })

  test('goes another way when all of them are taken', async () => {
    let holding = false
    const held: (() => void)[] = []
    await using r = await bench.rig(
      (request, response) => {
        const answer = (): void => answerJson(response, 200, { metadata: { name: 'x' } })
        if (isLane(request) && holding) held.push(answer)
        else answer()
      },
      {},
      { busyConnections: 2 },
    )
    await warmUp(r)
    holding = true
    const asked = many(60).map(() => r.client.get(pods, key))
    await until(() => held.length === 2)
    await Promise.race(asked)
    await r.client.create(configmaps, configMap(1))
    holding = false
    for (const answer of held) answer()
    await Promise.all(asked)
  })

  test('sends reads again when their connection was lost, and writes not', async () => {
    let cut = false
    await using r = await bench.rig((request, response) => {
      if (isLane(request) && cut) request.socket.destroy()
      else answerJson(response, 200, { metadata: { name: 'x' } })
    })
    await warmUp(r)
    cut = true
    await Promise.all(many(20).map(() => r.client.get(pods, key)))
    cut = false
    await warmUp(r)
    cut = true
    const writes = many(8).map((i) => r.client.create(configmaps, configMap(i)).catch((error: unknown) => error))
    expect((await Promise.all(writes)).map(transportErrorCode)).toContain('Lost')
  })

  test('a request that is aborted there ends with its reason, and its connection with it', async () => {
    const taken = new Set<TestRequest['socket']>()
    let begun = 0
    let holding = false
    await using r = await bench.rig((request, response) => {
      if (!holding) return answerJson(response, 200, { metadata: {} })
      begun++
      if (isLane(request)) taken.add(request.socket)
    })
    await warmUp(r)
    holding = true
    const leaving = new AbortController()
    const { signal } = leaving
    const asked = many(50).map(() => r.client.create(configmaps, configMap(1), { signal }).catch((e: unknown) => e))
    await until(() => begun === 50)
    expect(taken.size).toBeGreaterThan(0)
    const reason = new Error('enough')
    leaving.abort(reason)
    const ends = await Promise.all(asked)
    expect(ends.every((end) => end === reason)).toBe(true)
    await until(() => [...taken].every(({ destroyed }) => destroyed))
  })

  test('a server that speaks HTTP/2 alone is asked over that', async () => {
    await using r = await bench.rig(
      (_request, response) => answerJson(response, 200, { metadata: { name: 'x' } }),
      {},
      {},
      { http1: false },
    )
    await warmUp(r)
    expect((await r.client.get(pods, key)).metadata.name).toBe('x')
  })
})
