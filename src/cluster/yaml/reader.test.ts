import { expect, test } from 'vitest'
import { JsonError } from '#machinery'
import { YamlThread } from './reader.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

test('A thread reads YAML while others go on, tells what is wrong with it, and is there again after it went', async () => {
  await using thread = new YamlThread()
  const long = Array.from({ length: 20_000 }, (_, index) => `k${index}: yes\n`).join('')
  let turns = 0
  const others = setInterval(() => turns++, 1)
  const [{ json, strictErrors }, wrong] = await Promise.all([
    thread.read(encode(long)),
    thread.read(encode('a: b\n\tc: d\n')).catch((error: unknown) => error),
  ])
  clearInterval(others)
  const read: unknown = JSON.parse(new TextDecoder().decode(json))
  expect([Object.keys(read as object).length, (read as { readonly k7: unknown }).k7, strictErrors]).toEqual([
    20_000,
    true,
    [],
  ])
  expect(wrong).toEqual(new JsonError('yaml: line 2: found a tab character that violates indentation'))
  expect(turns).toBeGreaterThan(5)
  await thread[Symbol.asyncDispose]()
  expect((await thread.read(encode('a: 1\na: 2\n'))).strictErrors).toHaveLength(1)
}, 60_000)
