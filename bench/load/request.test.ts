import { expect, test } from 'vitest'
import { EncodedRequest, numberMark, objectMark } from './request.ts'

test('EncodedRequest writes a number wherever it is wanted, and everything else once', () => {
  const endpoint = { host: '127.0.0.1', port: 6443, token: 'secret' }
  const body = `{"metadata":{"name":"é-${numberMark}"}}`
  const request = new EncodedRequest(endpoint, { method: 'POST', path: `/api/v1/x/${numberMark}`, body })
  const lines = (number: number): string[] => request.with(number).toString().split('\r\n')
  expect(lines(42)).toEqual([
    'POST /api/v1/x/00000042 HTTP/1.1',
    'Host: 127.0.0.1:6443',
    'Authorization: Bearer secret',
    'User-Agent: k8ts-bench',
    'Accept: application/json',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    '{"metadata":{"name":"é-00000042"}}',
  ])
  expect(lines(98_765_432).at(-1)).toContain('é-98765432')
})

test('EncodedRequest sends no token where a certificate says who asks, and no length without a body', () => {
  const request = new EncodedRequest({ host: 'localhost', port: 1 }, { method: 'GET', path: '/readyz' })
  expect(request.with(1).toString()).toBe(
    'GET /readyz HTTP/1.1\r\nHost: localhost:1\r\nUser-Agent: k8ts-bench\r\nAccept: application/json\r\n\r\n',
  )
})

test('EncodedRequest takes one object after the other, and says what it sends and takes', () => {
  const request = new EncodedRequest(
    { host: 'localhost', port: 1 },
    {
      method: 'PATCH',
      path: `/api/v1/x/${objectMark}`,
      objects: 3,
      body: `{"number":"${numberMark}"}`,
      contentType: 'application/merge-patch+json',
      accept: 'application/yaml',
      userAgent: 'kubelet',
    },
  )
  const lines = request.with(5).toString().split('\r\n')
  expect(lines[0]).toBe('PATCH /api/v1/x/00000002 HTTP/1.1')
  expect(lines).toEqual(
    expect.arrayContaining([
      'User-Agent: kubelet',
      'Accept: application/yaml',
      'Content-Type: application/merge-patch+json',
      '{"number":"00000005"}',
    ]),
  )
})
