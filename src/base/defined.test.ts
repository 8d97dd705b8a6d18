import { expect, test } from 'vitest'
import { defined } from './defined.ts'

test('defined() leaves out what is undefined, and nothing else', () => {
  const given: { readonly name: string; readonly port: number | undefined; readonly host: string | undefined } = {
    name: '',
    port: 0,
    host: undefined,
  }
  const kept: { readonly name: string; readonly port?: number; readonly host?: string } = defined(given)
  expect(Object.entries(kept)).toEqual([
    ['name', ''],
    ['port', 0],
  ])
  expect(Object.keys(defined({ nothing: null, no: false }))).toEqual(['nothing', 'no'])
})
