import { describe, expect, test } from 'vitest'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import { startTestServer } from '../server.ts'
import { good, message, patch, refusals, table } from './objects.ts'

const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const jane = { name: 'jane', uid: 'u', groups: ['developers'], extra: { scope: ['a'] } }

/** Of a key on P-256, for the name `x`. */
const pem = `-----BEGIN CERTIFICATE REQUEST-----
MIHGMG4CAQAwDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BGuo5h8TgfNxGqb1LZ5Ksf5dBAIX05u+2KUu0uH60dkdjcuFayHFngpmB0T1KH08
lUQpUHxYQEbE0vTwYVj0nkegADAKBggqhkjOPQQDAgNIADBFAiBzhzvCWHaJKl0R
wchkAR2ElDVz9WrTPYilqwl6yE/4yAIhANHpGyu01J5YhpjALjIvIMnCDtBxplLa
0rpOoIaCvJEf
-----END CERTIFICATE REQUEST-----
`
const signing = (fields: object = {}): object => ({
  metadata: { name: 'r' },
  spec: { request: btoa(pem), signerName: 'example.com/x', usages: ['client auth'], ...fields },
})

test('a request is of the one who sends it, whatever it says', async () => {
  await using server = await startTestServer()
  const sent = signing({ username: 'root', groups: ['system:masters'] })
  const { spec } = good<CertificateSigningRequest>(await server.request('POST', requests, sent, {}, jane))
  expect(spec).toMatchObject({ username: 'jane', uid: 'u', groups: ['developers'], extra: { scope: ['a'] } })
})

test('the spec of a request stays, and nothing but what it is for can be approved', async () => {
  await using server = await startTestServer()
  await server.request('POST', requests, signing())
  const changed = good<CertificateSigningRequest>(await patch(server, `${requests}/r`, { spec: { usages: ['any'] } }))
  expect(changed.spec.usages).toEqual(['client auth'])
  const failed = { status: { conditions: [{ type: 'Failed', status: 'True' }], certificate: btoa('x') } }
  const approved = good<CertificateSigningRequest>(await patch(server, `${requests}/r/approval`, failed))
  expect(approved.status).not.toHaveProperty('certificate')
})

test('what is approved stays approved, and is not denied', async () => {
  await using server = await startTestServer()
  await server.request('POST', requests, signing())
  const approval = `${requests}/r/approval`
  const condition = (type: string): object => ({ type, status: 'True', reason: 'R', message: 'm' })
  const after = good<CertificateSigningRequest>(
    await patch(server, approval, { status: { conditions: [condition('Approved')] } }),
  )
  const [approved] = after.status?.conditions ?? []
  expect(approved?.lastTransitionTime).toBe(approved?.lastUpdateTime)
  expect(message(await patch(server, approval, { status: { conditions: [] } }))).toContain(
    'updates may not remove a condition of type "Approved"',
  )
  const both = { status: { conditions: [condition('Approved'), condition('Denied')] } }
  expect(message(await patch(server, approval, both))).toContain(
    'Approved and Denied conditions are mutually exclusive',
  )
  expect(await table(server, requests)).toEqual([
    ['Name', 'Age', 'SignerName', 'Requestor', 'RequestedDuration', 'Condition'],
    ['r', '0s', 'example.com/x', 'admin', '<none>', 'Approved'],
  ])
})

describe('refused are', () => {
  test.for<[string, object, string]>([
    ['requests that are none', { request: btoa('x') }, 'PEM block type must be CERTIFICATE REQUEST'],
    ['usages that nobody knows', { usages: ['odd'] }, 'spec.usages[0]: Unsupported value: "odd"'],
    [
      'certificates for a moment',
      { expirationSeconds: 3 },
      'may not specify a duration less than 600 seconds (10 minutes)',
    ],
    ['signers without a domain', { signerName: 'x' }, 'must be a fully qualified domain and path of the form'],
    ['requests for nothing', { usages: [] }, 'spec.usages: Required value'],
  ])('%s', async ([, fields, why]) => {
    await using server = await startTestServer()
    const answer = await server.request('POST', requests, signing(fields))
    expect(refusals(answer).join('\n')).toContain(why)
  })
})
