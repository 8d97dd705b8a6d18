import { silentLogger } from '#base'
import type { BytesResponse } from '#client'
import { expect, test } from 'vitest'
import type { RequestContext } from '../request/context.ts'
import type { Verdict } from './checks.ts'
import { createHealth } from './health.ts'

const text = ({ bytes }: BytesResponse): string => new TextDecoder().decode(bytes)

async function ask(url: string, store: () => Verdict | Promise<Verdict> = () => undefined): Promise<BytesResponse> {
  const [path = '', query = ''] = url.split('?')
  const live = [
    { name: 'ping', check: () => undefined },
    { name: 'etcd', check: store },
  ]
  const health = createHealth({ healthz: live, livez: live, readyz: live })
  const context = { info: { path }, query: new URLSearchParams(query), services: { logger: silentLogger } }
  const response = await health(context as unknown as RequestContext)
  if (response?.kind !== 'bytes') throw new Error(`no answer to ${url}`)
  return response
}

test('a healthy server says ok, and on request which checks passed', async () => {
  expect(text(await ask('/livez'))).toBe('ok')
  expect(text(await ask('/livez?verbose'))).toBe('[+]ping ok\n[+]etcd ok\nlivez check passed\n')
  expect(text(await ask('/livez/etcd'))).toBe('ok')
})

test('checks can be left out, and names that are none are told', async () => {
  const down = (): Verdict => 'gone'
  expect(text(await ask('/readyz?verbose&exclude=etcd&exclude=b&exclude=a', down))).toBe(
    '[+]ping ok\n[+]etcd excluded: ok\nwarn: some health checks cannot be excluded: no matches for "a", "b"\nreadyz check passed\n',
  )
})

test('a failed check is told by name, its reason only where it is asked for by itself', async () => {
  const down = async (): Promise<Verdict> => 'gone'
  const whole = await ask('/healthz', down)
  expect([whole.code, text(whole)]).toEqual([
    500,
    '[+]ping ok\n[-]etcd failed: reason withheld\nhealthz check failed\n',
  ])
  const alone = await ask('/healthz/etcd', down)
  expect([alone.code, text(alone)]).toEqual([500, 'internal server error: gone\n'])
})

test('a check that does not exist is not found', async () => {
  await expect(ask('/livez/nope')).rejects.toThrow('no answer')
  await expect(ask('/livez/')).rejects.toThrow('no answer')
})
