import { describe, expect, test } from 'vitest'
import { apiServerNames, wellKnownAddresses } from './addresses.ts'

describe('wellKnownAddresses()', () => {
  test('are the first and the tenth of the block', () => {
    expect(wellKnownAddresses('10.96.0.0/12')).toEqual({ kubernetes: '10.96.0.1', dns: '10.96.0.10' })
    expect(wellKnownAddresses('fd00:96::/112')).toEqual({ kubernetes: 'fd00:96::1', dns: 'fd00:96::a' })
  })

  test('need a block with room for them', () => {
    expect(() => wellKnownAddresses('10.96.0.0/29')).toThrow('take a larger block')
  })
})

test('apiServerNames() has the names of the Service and every address once', () => {
  const { dnsNames, ipAddresses } = apiServerNames('cluster.local', ['127.0.0.1', '10.96.0.1'])
  expect(dnsNames).toEqual(
    expect.arrayContaining(['localhost', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']),
  )
  expect(ipAddresses).toEqual(['127.0.0.1', '::1', '10.96.0.1'])
})
