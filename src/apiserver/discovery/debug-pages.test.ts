import { VirtualClock } from '#base'
import type { BytesResponse } from '#client'
import { expect, test } from 'vitest'
import type { RequestContext } from '../request/context.ts'
import { createDebugPages } from './debug-pages.ts'

interface Asked {
  readonly contentType: string
  readonly text: string
  readonly warnings: readonly string[]
}

async function ask(path: string, accept: string): Promise<Asked> {
  const clock = new VirtualClock()
  const pages = createDebugPages(clock.now(), { 'secure-port': '6443', 'allow-privileged': undefined })
  await clock.advance(3_725_000)
  const warnings = new Set<string>()
  const request = { headers: { accept, 'user-agent': 'test/1.0' } }
  const context = { info: { path }, clock, request, warnings, query: new URLSearchParams() }
  const response = (await pages(context as unknown as RequestContext)) as BytesResponse
  return {
    contentType: response.contentType,
    text: new TextDecoder().decode(response.bytes),
    warnings: [...warnings],
  }
}

test('pages are text to whoever does not name their kind', async () => {
  for (const accept of ['', '*/*', 'text/*', 'application/json, text/plain;q=0.1']) {
    const { contentType, text } = await ask('/statusz', accept)
    expect(contentType).toBe('text/plain; charset=utf-8')
    expect(text).toMatch(/^\napiserver statusz\nWarning: /)
    expect(text).toContain('Started: Thu Jan  1 00:00:00 UTC 2026\nUp: 1 hr 02 min 05 sec\n')
  }
})

test('pages are objects of config.k8s.io to whoever does', async () => {
  const status = await ask('/statusz', 'application/json;v=v1beta1;g=config.k8s.io;as=Statusz, text/plain')
  expect(status.contentType).toBe('application/json;g=config.k8s.io;v=v1beta1;as=Statusz')
  expect(JSON.parse(status.text)).toMatchObject({
    kind: 'Statusz',
    apiVersion: 'config.k8s.io/v1beta1',
    metadata: { name: 'apiserver' },
    startTime: '2026-01-01T00:00:00Z',
    uptimeSeconds: 3725,
  })
  const flags = await ask('/flagz', 'application/yaml;v=v1alpha1;g=config.k8s.io;as=Flagz')
  expect(flags.text).toContain('flags:\n  allow-privileged: ""\n  secure-port: "6443"\n')
  expect(flags.warnings).toEqual(['This version of the flagz endpoint is deprecated. Please use a newer version.'])
})

test.each([
  'application/json',
  'text/html',
  'application/json;v=v1;g=config.k8s.io;as=Statusz',
  'application/json;v=v1beta1;g=config.k8s.io;as=Flagz',
])('%s is a form that a page does not have', async (accept) => {
  await expect(ask('/statusz', accept)).rejects.toThrow(
    'only the following media types are accepted: application/json, application/yaml, text/plain',
  )
})
