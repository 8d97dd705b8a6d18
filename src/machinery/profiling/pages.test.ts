import { expect, test } from 'vitest'
import { flagPage, profilePage, type DebugAnswer } from './pages.ts'
import type { Profiler } from './profiler.ts'

const profile = (text: string): Promise<Uint8Array> => Promise.resolve(new TextEncoder().encode(text))

interface Answered {
  readonly code: number
  readonly headers: DebugAnswer['headers']
  readonly text: string
}

async function ask(url: string, { method = 'GET', body = '', levels = [] as number[] } = {}): Promise<Answered> {
  const profiler: Profiler = {
    processor: (seconds) => (seconds === 13 ? Promise.reject(new Error('in use')) : profile(`processor ${seconds}`)),
    heap: (collect) => profile(`heap ${collect}`),
    allocations: (seconds) => profile(`allocations ${seconds}`),
    setVerbosity: (level) => void levels.push(level),
  }
  const [path = '', query = ''] = url.split('?')
  const asked = {
    method,
    path,
    query: new URLSearchParams(query),
    signal: new AbortController().signal,
    body: () => Promise.resolve(new TextEncoder().encode(body)),
  }
  const response = (await profilePage(profiler, asked)) ?? (await flagPage(profiler, asked))
  if (!response) throw new Error(`no page ${url}`)
  return { code: response.code, headers: response.headers, text: new TextDecoder().decode(response.bytes) }
}

test('profiles are files, of as much time as is asked for', async () => {
  const answered = await ask('/debug/pprof/profile?seconds=2')
  expect(answered).toMatchObject({ code: 200, text: 'processor 2' })
  expect(answered.headers['content-disposition']).toBe('attachment; filename="profile"')
  for (const seconds of ['', '0', '-1', 'x'])
    expect(await ask(`/debug/pprof/profile?seconds=${seconds}`)).toMatchObject({ text: 'processor 30' })
  expect(await ask('/debug/pprof/heap?gc=1')).toMatchObject({ text: 'heap true' })
  const delta = await ask('/debug/pprof/allocs?seconds=3')
  expect(delta).toMatchObject({ text: 'allocations 3' })
  expect(delta.headers['content-disposition']).toBe('attachment; filename="allocs-delta"')
})

test('what is no profile, or none that can be made, is told as pprof tells it', async () => {
  const problem = async (path: string): Promise<readonly unknown[]> => {
    const { code, text, headers } = await ask(`/debug/pprof/${path}`)
    return [code, text, headers['x-go-pprof']]
  }
  expect(await problem('goroutine')).toEqual([404, 'Unknown profile\n', '1'])
  expect(await problem('heap?seconds=-1')).toEqual([
    400,
    'invalid value for "seconds" - must be a positive integer\n',
    '1',
  ])
  expect(await problem('heap?seconds=1&debug=1')).toEqual([400, 'seconds and debug params are incompatible\n', '1'])
  expect(await problem('profile?seconds=13')).toEqual([500, 'Could not enable CPU profiling: in use\n', '1'])
})

test('the index is where its path without a slash leads, and names what there is', async () => {
  expect(await ask('/debug/pprof')).toMatchObject({ code: 302, text: '<a href="/debug/pprof/">Found</a>.\n\n' })
  const { text } = await ask('/debug/pprof/')
  for (const name of ['allocs', 'heap', 'profile', 'symbol']) expect(text).toContain(`<a href='${name}'>`)
})

test('the flag that may change is set by PUT', async () => {
  const levels: number[] = []
  const set = async (body: string, method = 'PUT'): Promise<readonly unknown[]> => {
    const { code, text } = await ask('/debug/flags/v', { method, body, levels })
    return [code, text]
  }
  expect(await set('4')).toEqual([200, 'successfully set klog.logging.verbosity to 4\n'])
  expect(await set('x')).toEqual([
    400,
    'failed set klog.logging.verbosity x: strconv.ParseInt: parsing "x": invalid syntax\n',
  ])
  expect(await set('4', 'POST')).toEqual([406, 'unsupported http method\n'])
  expect(levels).toEqual([4])
  expect((await ask('/debug/flags')).text).toContain('<tr>v<br>')
})
