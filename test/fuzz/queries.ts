import type { Chance } from './chance.ts'
import { labelKeys, labelValues, names, namespaces, odd } from './words.ts'

type Query = [name: string, value: string][]

/** Selectors of labels, right and wrong. */
function labelSelector(chance: Chance): string {
  const requirement = (): string => {
    const key = chance.hits(0.95) ? chance.oneOf(labelKeys) : chance.oneOf(odd)
    const value = chance.hits(0.95) ? chance.oneOf(labelValues) : chance.oneOf(odd)
    return chance.oneOf([
      `${key}=${value}`,
      `${key}!=${value}`,
      `${key} in (${value},b)`,
      `${key} notin (${value})`,
      key,
      `!${key}`,
      `${key}>1`,
      `${key}<x`,
      `${key} in (`,
      `(${key}`,
      `${key}==${value}`,
    ])
  }
  return Array.from({ length: chance.between(1, 3) }, requirement).join(',')
}

const fields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'spec.nodeName',
  'status.phase',
  'type',
  'spec.unschedulable',
  'involvedObject.name',
  'reason',
  'spec.text',
  'x',
  '',
]

function fieldSelector(chance: Chance): string {
  const requirement = (): string =>
    `${chance.oneOf(fields)}${chance.oneOf(['=', '!=', '==', '', '=='])}${chance.oneOf([...names, ...namespaces, ...odd])}`
  return Array.from({ length: chance.between(1, 2) }, requirement).join(',')
}

const versions: readonly string[] = ['', '0', '1', '5', '100', '-1', 'x', '999999999', '18446744073709551616']

/** @param tokens that lists gave away */
export function listQuery(chance: Chance, tokens: readonly string[]): Query {
  const query: Query = []
  if (chance.hits(0.3)) query.push(['labelSelector', labelSelector(chance)])
  if (chance.hits(0.3)) query.push(['fieldSelector', fieldSelector(chance)])
  if (chance.hits(0.4)) query.push(['limit', chance.oneOf(['1', '2', '0', '-1', '500', 'x', '99999999999999999999'])])
  if (chance.hits(0.25)) query.push(['resourceVersion', chance.oneOf(versions)])
  if (chance.hits(0.1)) query.push(['resourceVersionMatch', chance.oneOf(['Exact', 'NotOlderThan', 'x'])])
  if (chance.hits(0.2) && tokens.length > 0) query.push(['continue', token(chance, tokens)])
  if (chance.hits(0.1)) query.push(['timeoutSeconds', chance.oneOf(['0', '1', '-1', 'x'])])
  if (chance.hits(0.1)) query.push(['allowWatchBookmarks', chance.oneOf(['true', 'false', 'x', ''])])
  if (chance.hits(0.1)) query.push(['sendInitialEvents', chance.oneOf(['true', 'false', 'x'])])
  if (chance.hits(0.05)) query.push(['includeObject', chance.oneOf(['None', 'Object', 'Metadata', 'x'])])
  return [...query, ...commonQuery(chance)]
}

function token(chance: Chance, tokens: readonly string[]): string {
  const known = chance.oneOf(tokens)
  if (chance.hits(0.7)) return known
  const at = chance.between(0, known.length)
  return chance.oneOf([
    known.slice(0, at),
    known.slice(0, at) + 'A' + known.slice(at),
    Buffer.from('{"v":"meta.k8s.io/v1","rv":-1,"start":"../../x"}').toString('base64url'),
    Buffer.from('{"v":"meta.k8s.io/v1","rv":1e99,"start":null}').toString('base64url'),
    'x',
    '%00',
  ])
}

export function writeQuery(chance: Chance, apply: boolean): Query {
  const query: Query = []
  if (apply ? chance.hits(0.95) : chance.hits(0.2))
    query.push(['fieldManager', chance.hits(0.9) ? chance.oneOf(['fuzz', 'other']) : chance.oneOf(odd)])
  if (apply && chance.hits(0.5)) query.push(['force', chance.oneOf(['true', 'false', 'x'])])
  if (chance.hits(0.1)) query.push(['dryRun', chance.oneOf(['All', 'x', ''])])
  if (chance.hits(0.3)) query.push(['fieldValidation', chance.oneOf(['Strict', 'Warn', 'Ignore', 'x'])])
  return [...query, ...commonQuery(chance)]
}

export function deleteQuery(chance: Chance): Query {
  const query: Query = []
  if (chance.hits(0.6)) query.push(['gracePeriodSeconds', chance.oneOf(['0', '0', '0', '1', '-1', 'x'])])
  if (chance.hits(0.3)) query.push(['propagationPolicy', chance.oneOf(['Background', 'Foreground', 'Orphan', 'x'])])
  if (chance.hits(0.1)) query.push(['dryRun', 'All'])
  if (chance.hits(0.05)) query.push(['orphanDependents', chance.oneOf(['true', 'x'])])
  return query
}

export function commonQuery(chance: Chance): Query {
  const query: Query = []
  if (chance.hits(0.05)) query.push(['pretty', chance.oneOf(['true', '1', 'x'])])
  if (chance.hits(0.02)) query.push(['timeout', chance.oneOf(['1s', '-1s', 'x', '100h', '1ms'])])
  if (chance.hits(0.03)) query.push([chance.oneOf(odd), chance.oneOf(odd)])
  return query
}

export const queryText = (query: Query): string => {
  if (query.length === 0) return ''
  return `?${query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')}`
}

/** Texts that are no Unicode have no escape. */
export const escaped = (text: string): string => encodeURIComponent(Buffer.from(text).toString())
