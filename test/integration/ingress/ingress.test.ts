import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { ingresses } from '#api/networking/v1'
import { answering, ask, seenBy, until } from './requests.ts'
import { Rig, rule, withoutEngine } from './rig.ts'

if (withoutEngine !== undefined) console.warn(`tests of Ingress with the real engine do not run here: ${withoutEngine}`)

describe.skipIf(withoutEngine !== undefined)('Ingress', () => {
  test('routes by host and path, the longer path first, and an exact one before all', async () => {
    await using rig = await Rig.start()
    for (const name of ['root', 'api', 'exact', 'wild', 'other']) await rig.service(name, [await rig.serve(name)])
    await rig.ingress('web', {
      rules: [
        rule('a.example', '/', 'root'),
        rule('a.example', '/api', 'api'),
        rule('a.example', '/api/health', 'exact', 'Exact'),
        rule('*.b.example', '/', 'wild'),
        rule('B.c.example', '/only', 'other', 'ImplementationSpecific'),
      ],
    })
    const get = (host: string, path: string): Promise<string> => answering(rig.http, host, path)
    await until(() => get('a.example', '/'), 'root')
    const cases = {
      'a.example /': 'root',
      'A.EXAMPLE:8080 /': 'root',
      'a.example /apix': 'root',
      'a.example /api': 'api',
      'a.example /api/': 'api',
      'a.example /api/x?y=1': 'api',
      'a.example /api/health': 'exact',
      'a.example /api/health/': 'api',
      'a.example /x/../api': 'api',
      'x.b.example /': 'wild',
      'x.y.b.example /': '404',
      'b.example /': '404',
      'b.c.example /only/this': 'other',
      'b.c.example /': '404',
      'nobody.example /': '404',
    }
    const answers = await Promise.all(
      Object.keys(cases).map(async (each) => {
        const [host = '', path = ''] = each.split(' ')
        return [each, await get(host, path)]
      }),
    )
    expect(Object.fromEntries(answers)).toEqual(cases)
  })

  test('tells services who asked, and does not believe what clients say of that', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    await rig.ingress('web', { rules: [rule('a.example', '/', 'web')] })
    await until(() => answering(rig.http, 'a.example', '/'), 'web')
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
    const { headers: got } = seenBy(await ask(rig.http, 'a.example', '/', { headers }))
    expect(got).toMatchObject({
      host: 'a.example',
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-host': 'a.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '80',
    })
  })

  test('shows the certificate of the host asked for, and sends clients without TLS to it', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    await rig.certificate('a-tls', ['a.example'])
    await rig.certificate('b-tls', ['*.b.example'])
    await rig.ingress('web', {
      tls: [
        { hosts: ['a.example'], secretName: 'a-tls' },
        { hosts: ['*.b.example'], secretName: 'b-tls' },
      ],
      rules: [rule('a.example', '/', 'web'), rule('x.b.example', '/', 'web'), rule('c.example', '/', 'web')],
    })
    const tls = { tls: true, ca: rig.authority.certificate }
    await until(() => answering(rig.https, 'a.example', '/', tls), 'web')
    expect(await answering(rig.https, 'x.b.example', '/', tls)).toBe('web')
    expect(await answering(rig.https, 'c.example', '/', tls)).toMatch(/self.signed certificate/)
    expect(await answering(rig.https, 'c.example', '/', { tls: true, rejectUnauthorized: false })).toBe('web')
    expect(seenBy(await ask(rig.https, 'a.example', '/', tls)).headers).toMatchObject({ 'x-forwarded-proto': 'https' })
    const redirect = await ask(rig.http, 'a.example', '/x?y=1')
    expect([redirect.status, redirect.headers.location]).toEqual([308, 'https://a.example/x?y=1'])
    expect(await answering(rig.http, 'c.example', '/')).toBe('web')
  })

  test('asks the default backend where no rule matches', async () => {
    await using rig = await Rig.start()
    for (const name of ['web', 'own', 'world']) await rig.service(name, [await rig.serve(name)])
    const backend = (name: string) => ({ service: { name, port: { name: 'http' } } })
    await rig.ingress('a', { defaultBackend: backend('own'), rules: [rule('a.example', '/web', 'web')] })
    await rig.ingress('b', { rules: [rule('b.example', '/web', 'web')] })
    await rig.ingress('z', { defaultBackend: backend('world') })
    const get = (host: string, path: string): Promise<string> => answering(rig.http, host, path)
    await until(() => get('b.example', '/'), 'world')
    expect(await Promise.all([get('a.example', '/web'), get('a.example', '/'), get('b.example', '/web')])).toEqual([
      'web',
      'own',
      'web',
    ])
  })

  test('writes where Ingresses are reached, and leaves those of other classes alone', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    await rig.ingress('theirs', { ingressClassName: 'nginx', rules: [rule('b.example', '/', 'web')] })
    await rig.ingress('ours', { rules: [rule('a.example', '/', 'web')] })
    const statusOf = async (name: string): Promise<string | undefined> => {
      const { status } = await rig.client.get(ingresses, { namespace: 'default', name })
      return status?.loadBalancer?.ingress?.map(({ ip, hostname }) => `${ip} ${hostname}`).join()
    }
    await until(() => statusOf('ours'), '192.0.2.80 undefined,undefined edge.example')
    expect(await statusOf('theirs')).toBeUndefined()
    expect(await answering(rig.http, 'b.example', '/')).toBe('404')
  })

  test('tells of references that lead nowhere, and serves the rest', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    await rig.service('empty', [])
    await rig.ingress('bad', {
      tls: [{ hosts: ['a.example'], secretName: 'nothing' }],
      rules: [rule('a.example', '/', 'web'), rule('a.example', '/gone', 'gone'), rule('a.example', '/empty', 'empty')],
    })
    await rig.ingress(
      'worse',
      { rules: [rule('w.example', '/(', 'web', 'ImplementationSpecific')] },
      { 'use-regex': 'true' },
    )
    await until(() => answering(rig.http, 'a.example', '/'), '308')
    const tls = { tls: true, rejectUnauthorized: false }
    expect(await answering(rig.https, 'a.example', '/', tls)).toBe('web')
    expect(await answering(rig.https, 'a.example', '/gone', tls)).toBe('503')
    expect(await answering(rig.https, 'a.example', '/empty', tls)).toBe('503')
    await vi.waitFor(
      () =>
        expect(rig.events).toEqual(
          expect.arrayContaining([
            { object: 'Ingress bad', reason: 'ServiceNotFound', message: 'service default/gone does not exist' },
            { object: 'Ingress bad', reason: 'CertificateNotUsable', message: 'secret default/nothing does not exist' },
            { object: 'Ingress worse', reason: 'InvalidPath', message: 'path /( is not a regular expression' },
          ]),
        ),
      { timeout: 10_000 },
    )
  })

  test('goes on without an object that the engine refuses', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    // JavaScript takes this for an expression, PCRE does not.
    await rig.ingress('odd', { rules: [rule('o.example', '/[[:odd:]]', 'web')] }, { 'use-regex': 'true' })
    await rig.ingress('web', { rules: [rule('a.example', '/', 'web')] })
    await until(() => answering(rig.http, 'a.example', '/'), 'web')
    await until(
      async () => rig.events.some(({ object, reason }) => object === 'Ingress odd' && reason === 'Rejected'),
      true,
    )
    expect(await answering(rig.http, 'o.example', '/')).toBe('404')
  })

  test('follows annotations: rewriting, redirects, sizes, sources', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    const ingress = (name: string, path: string, annotations: { readonly [name: string]: string }) =>
      rig.ingress(name, { rules: [rule(`${name}.example`, path, 'web', 'ImplementationSpecific')] }, annotations)
    await ingress('rewrite', '/api(/|$)(.*)', { 'rewrite-target': '/v1/$2' })
    await ingress('strip', '/strip', { 'rewrite-target': '/' })
    await ingress('gone', '/', { 'permanent-redirect': 'https://new.example/100%' })
    await ingress('small', '/', { 'proxy-body-size': '1k' })
    await ingress('shut', '/', { 'whitelist-source-range': '192.0.2.0/24,198.51.100.1' })
    await ingress('open', '/', { 'whitelist-source-range': '127.0.0.0/8', 'upstream-vhost': 'inner.example' })
    await until(() => answering(rig.http, 'open.example', '/'), 'web')
    const { url } = seenBy(await ask(rig.http, 'rewrite.example', '/API/users/1?x=2'))
    expect(url).toBe('/v1/users/1?x=2')
    expect(await answering(rig.http, 'rewrite.example', '/apix')).toBe('404')
    expect(seenBy(await ask(rig.http, 'strip.example', '/strip/more')).url).toBe('/')
    const { status, headers } = await ask(rig.http, 'gone.example', '/')
    expect([status, headers.location]).toEqual([301, 'https://new.example/100%'])
    expect(await answering(rig.http, 'small.example', '/', { method: 'POST', body: 'x'.repeat(1024) })).toBe('web')
    expect(await answering(rig.http, 'small.example', '/', { method: 'POST', body: 'x'.repeat(1025) })).toBe('413')
    expect(await answering(rig.http, 'shut.example', '/')).toBe('403')
    expect(seenBy(await ask(rig.http, 'open.example', '/')).headers.host).toBe('inner.example')
  })

  test('sends a share of requests, and those with a header or cookie, to the canary', async () => {
    await using rig = await Rig.start()
    for (const name of ['main', 'canary']) await rig.service(name, [await rig.serve(name)])
    await rig.ingress('main', { rules: [rule('a.example', '/', 'main')] })
    await rig.ingress(
      'canary',
      { rules: [rule('a.example', '/', 'canary')] },
      {
        canary: 'true',
        'canary-by-header': 'X-Canary',
        'canary-by-cookie': 'canary',
        'canary-weight': '30',
      },
    )
    await until(() => answering(rig.http, 'a.example', '/', { headers: { 'x-canary': 'always' } }), 'canary')
    const cookie = (value: string) => answering(rig.http, 'a.example', '/', { headers: { cookie: `canary=${value}` } })
    expect(await cookie('always')).toBe('canary')
    for (let i = 0; i < 10; i++) {
      expect(await cookie('never')).toBe('main')
      expect(await answering(rig.http, 'a.example', '/', { headers: { 'x-canary': 'never' } })).toBe('main')
    }
    const counts: { [name: string]: number } = { main: 0, canary: 0 }
    for (let i = 0; i < 300; i++) {
      const server = await answering(rig.http, 'a.example', '/')
      counts[server] = (counts[server] ?? 0) + 1
    }
    // 90 of 300 are expected; 55 and 130 are more than four deviations away.
    expect(counts['canary']).toBeGreaterThan(55)
    expect(counts['canary']).toBeLessThan(130)
    expect(Object.keys(counts)).toEqual(['main', 'canary'])
  })

  test('does not mind what a client sends that is no HTTP', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    await rig.ingress('web', { rules: [rule('', '/', 'web')] })
    await until(() => answering(rig.http, 'any.example', '/'), 'web')
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(rig.http, '127.0.0.1', () => socket.write('this is no HTTP\r\n\r\n'))
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    expect(answer).toContain('400')
    expect(await answering(rig.http, 'any.example', '/')).toBe('web')
  })
})
