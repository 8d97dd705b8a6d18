import { expect, test } from 'vitest'
import { noAlternativeNames } from '#machinery'
import type { CertificateRequest } from '#machinery'
import { lifetimeOf } from './signer.ts'
import { refusal } from './rules.ts'

const request = (more: Partial<CertificateRequest> = {}): CertificateRequest => ({
  subject: { commonName: 'system:node:n1', organizations: ['system:nodes'] },
  names: noAlternativeNames,
  publicKey: new Uint8Array(),
  content: new Uint8Array(),
  algorithm: '',
  signature: new Uint8Array(),
  ...more,
})
const names = { ...noAlternativeNames, dnsNames: ['n1'] }
const clientUsages = ['digital signature', 'client auth']
const servingUsages = ['digital signature', 'server auth', 'key encipherment']

test('a kubelet is signed what a kubelet needs, and nothing else', () => {
  const serving = 'kubernetes.io/kubelet-serving'
  expect(refusal(serving, request({ names }), servingUsages)).toBeUndefined()
  expect(refusal(serving, request(), servingUsages)).toBe('DNS or IP subjectAltName is required')
  expect(refusal(serving, request({ names }), clientUsages)).toBe(
    'usages did not match [digital signature key encipherment server auth]',
  )
  const client = 'kubernetes.io/kube-apiserver-client-kubelet'
  expect(refusal(client, request(), clientUsages)).toBeUndefined()
  expect(refusal(client, request({ names }), clientUsages)).toBe('DNS subjectAltNames are not allowed')
  expect(refusal(client, request({ subject: { commonName: 'system:node:n1' } }), clientUsages)).toBe(
    'subject organization is not system:nodes',
  )
  const subject = { commonName: 'n1', organizations: ['system:nodes'] }
  expect(refusal(client, request({ subject }), clientUsages)).toBe(
    'subject common name does not begin with system:node:',
  )
  expect(refusal(client, request(), [...clientUsages, 'server auth'])).toBe(
    'usages did not match [client auth digital signature key encipherment]',
  )
})

test('certificates hold as long as is asked for, within bounds', () => {
  const day = 86_400_000
  expect(lifetimeOf(undefined, day)).toBe(day)
  expect(lifetimeOf(3600, day)).toBe(3_600_000)
  expect(lifetimeOf(1, day)).toBe(600_000)
  expect(lifetimeOf(1_000_000, day)).toBe(day)
})
