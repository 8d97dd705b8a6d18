import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { lookupOf } from './lookup.ts'
import { inOrder } from './order.ts'
import type { Condition, Match, Rule } from './routing.ts'

const rule = (owner: string, type: 'exact' | 'prefix' | 'regex', value: string, more: Partial<Match> = {}): Rule => ({
  owner,
  match: { path: { type, value }, conditions: [], ...more },
  action: { type: 'answer', status: 200 },
})
const header: Condition = { of: 'header', name: 'a', type: 'exact', value: 'b' }
const query: Condition = { of: 'query', name: 'a', type: 'exact', value: 'b' }

test('inOrder() puts exact paths first, then expressions, then longer prefixes, then rules with more to match', () => {
  const sorted = [
    rule('exact', 'exact', '/a'),
    rule('regex', 'regex', '^/a.*'),
    rule('long', 'prefix', '/a/b'),
    rule('method', 'prefix', '/a', { method: 'GET', conditions: [query] }),
    rule('headers', 'prefix', '/a', { conditions: [header, { ...header, name: 'c' }] }),
    rule('header', 'prefix', '/a', { conditions: [header] }),
    rule('query', 'prefix', '/a', { conditions: [query] }),
    rule('older', 'prefix', '/a/'),
    rule('newer', 'prefix', '/a/'),
    rule('root', 'prefix', '/'),
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (rules) => {
      const ranked = rules.map((each) => ({ rule: each, rank: [each.owner === 'newer' ? 2 : 1, each.owner] }))
      expect(inOrder(ranked).map(({ owner }) => owner)).toEqual(sorted.map(({ owner }) => owner))
    }),
  )
})

test('lookupOf() finds for every request the rule that is the first to match', () => {
  const part = fc.constantFrom('a', 'b')
  const path = fc.array(part, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
  const match = fc.record({
    path: fc.oneof(
      fc.record({ type: fc.constantFrom('exact' as const, 'prefix' as const), value: path }),
      fc.record({ type: fc.constant('regex' as const), value: fc.constantFrom('^/a', 'b$', '/') }),
    ),
    conditions: fc.constantFrom<readonly Condition[]>([], [header]),
  })
  fc.assert(
    fc.property(fc.array(match, { maxLength: 8 }), path, fc.boolean(), (matches, asked, hasHeader) => {
      const rules = inOrder(
        matches.map((each, index) => ({ rule: { ...rule(String(index), 'exact', ''), match: each }, rank: [index] })),
      )
      const holds = ({ path: { type, value }, conditions }: Match): boolean => {
        if (conditions.length > 0 && !hasHeader) return false
        if (type === 'exact') return asked === value
        if (type === 'regex') return new RegExp(value).test(asked)
        return `${asked}/`.replace('//', '/').startsWith(value === '/' ? '/' : `${value}/`)
      }
      // As the engine does: the exact path, else the longest prefix, and then one after the other.
      const { exact, prefixes } = lookupOf({ host: { type: 'any' }, rules })
      const longest = [...prefixes.keys()]
        .filter((prefix) => `${asked}/`.startsWith(`${prefix}/`))
        .sort((a, b) => b.length - a.length)[0]
      const candidates = exact.get(asked) ?? (longest === undefined ? [] : (prefixes.get(longest) ?? []))
      expect(candidates.find((each) => holds(each.match))).toBe(rules.find((each) => holds(each.match)))
    }),
    { numRuns: 2000 },
  )
})
