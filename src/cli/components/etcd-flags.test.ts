import { describe, expect, test } from 'vitest'
import { parseFlags } from '../flags/parse.ts'
import { etcdFlags, etcdOf } from './etcd-flags.ts'

const etcd = (...parameters: string[]): ReturnType<typeof etcdOf> =>
  etcdOf(parseFlags(parameters, { command: 'k8ts server', flags: etcdFlags }).values)

describe('etcdOf()', () => {
  test('takes members as they are given, and without a scheme as their certificates have it', () => {
    expect(etcd()).toBeUndefined()
    expect(etcd('--etcd-servers=https://a:2379,unix:///run/etcd')?.endpoints).toEqual([
      'https://a:2379',
      'unix:///run/etcd',
    ])
    expect(etcd('--etcd-servers=127.0.0.1:2379,[::1]:2379')?.endpoints).toEqual([
      'http://127.0.0.1:2379',
      'http://[::1]:2379',
    ])
    expect(etcd('--etcd-servers=a:2379', '--etcd-cafile=ca.crt')?.endpoints).toEqual(['https://a:2379'])
  })

  test.each(['a', 'ftp://a:2379', 'http://', 'a:x', 'a b:1'])('refuses "%s", which is no member', (member) => {
    expect(() => etcd(`--etcd-servers=${member}`)).toThrow(
      `flag --etcd-servers: "${member}" is neither http://HOST:2379 nor HOST:2379`,
    )
  })

  test('wants a certificate and its key together', () => {
    expect(() => etcd('--etcd-servers=a:1', '--etcd-keyfile=key')).toThrow('go together')
  })
})
