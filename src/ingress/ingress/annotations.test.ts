import { expect, test } from 'vitest'
import { annotationPrefix, readAnnotations } from './annotations.ts'

const read = (annotations: { readonly [name: string]: string }) =>
  readAnnotations(
    Object.fromEntries(Object.entries(annotations).map(([name, value]) => [annotationPrefix + name, value])),
  )

test('readAnnotations() has the usual settings where nothing is said', () => {
  expect(readAnnotations()).toEqual({
    settings: { secureRedirect: 'certificate', limits: {}, regex: false },
    problems: [],
  })
})

test('readAnnotations() reads what users of ingress-nginx write', () => {
  const { settings, problems } = read({
    'force-ssl-redirect': 'true',
    'backend-protocol': 'GRPC',
    'proxy-body-size': '8m',
    'proxy-connect-timeout': '3',
    'proxy-read-timeout': '120',
    'proxy-send-timeout': '240s',
    'whitelist-source-range': '10.0.0.0/8, 2001:db8::1',
    'rewrite-target': '/$1',
    'temporal-redirect': 'https://x.example/',
    canary: 'true',
    'canary-by-header': 'X-Try',
    'canary-by-header-value': 'yes',
    'canary-weight': '5',
    'canary-weight-total': '1000',
  })
  expect(problems).toEqual([])
  expect(settings).toEqual({
    secureRedirect: 'always',
    protocol: 'h2c',
    limits: {
      maxBody: 8 * 1024 * 1024,
      connectTimeout: 3000,
      responseTimeout: 240_000,
      allowedSources: ['10.0.0.0/8', '2001:db8::1/128'],
    },
    regex: true,
    rewriteTarget: '/$1',
    redirect: { location: 'https://x.example/', status: 302 },
    canary: { header: 'X-Try', headerValue: 'yes', weight: 5, total: 1000 },
  })
})

test('readAnnotations() names what it can not read, and goes on without', () => {
  const { settings, problems } = read({
    'ssl-redirect': 'maybe',
    'proxy-body-size': 'big',
    'whitelist-source-range': '10.0.0.0/8,nowhere',
    'rewrite-target': '/a\nserver evil 1.2.3.4',
  })
  expect(settings).toEqual({ secureRedirect: 'certificate', limits: {}, regex: false })
  expect(problems).toEqual([
    'annotation nginx.ingress.kubernetes.io/ssl-redirect has no usable value: "maybe"',
    'annotation nginx.ingress.kubernetes.io/rewrite-target has no usable value: "/a\\nserver evil 1.2.3.4"',
    'annotation nginx.ingress.kubernetes.io/proxy-body-size has no usable value: "big"',
    'annotation nginx.ingress.kubernetes.io/whitelist-source-range has no usable value: "10.0.0.0/8,nowhere"',
  ])
})
