import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import type { ApiRequest, ApiResponse } from '#client'
import { expositionText } from '#machinery'
import { countedDialer, RestClientMetrics } from './rest-client.ts'

const request: ApiRequest = { method: 'POST', path: '/', query: '', headers: {}, signal: new AbortController().signal }

test('what goes to others is counted by where it went and what they answered, and failures are', async () => {
  const clock = new VirtualClock()
  const metrics = new RestClientMetrics()
  const answer: ApiResponse = { kind: 'bytes', code: 201, contentType: '', bytes: new Uint8Array(300) }
  const answers = [() => answer, () => Promise.reject(new Error('gone'))]
  const transport = async (): Promise<ApiResponse> => {
    await new Promise<void>((resolve) => clock.timer(70, resolve))
    return (answers.shift() ?? (() => answer))()
  }
  const dial = countedDialer(() => transport, metrics, clock)
  const counted = dial({ url: 'https://hook.example:8443/path?query' })
  expect(dial({ url: 'https://hook.example:8443/other' })).toBe(counted)
  for (const fails of [false, true]) {
    const asked = counted(request).catch(() => undefined)
    await clock.advance(70)
    expect((await asked) === undefined).toBe(fails)
  }
  const text = expositionText(metrics.families())
  expect(text).toContain('rest_client_requests_total{code="201",host="hook.example:8443",method="POST"} 1')
  expect(text).toContain('rest_client_requests_total{code="<error>",host="hook.example:8443",method="POST"} 1')
  expect(text).toContain('rest_client_request_duration_seconds_bucket{host="hook.example:8443",verb="POST",le="0.1"} 2')
  expect(text).toContain('rest_client_response_size_bytes_sum{host="hook.example:8443",verb="POST"} 300')
})
