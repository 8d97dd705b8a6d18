import { VirtualClock } from '#base'
import type { Event, PolicyRule } from '#api/audit/v1'
import type { Chunks, ObjectResponse } from '#client'
import { expect, test } from 'vitest'
import { createAudit } from './audit.ts'
import { logBackend } from './log.ts'
import type { AuditTrail } from './trail.ts'
import { auditResponse } from './response.ts'
import { RequestNotes } from '../request/notes.ts'

const clock = new VirtualClock()

/** A trail whose events become lines of a log. */
function trailOf(rule: PolicyRule, lines: string[]): AuditTrail {
  const decoder = new TextDecoder()
  const log = {
    write: (line: string) => void lines.push(line),
    writeLong: async (pieces: readonly Uint8Array[]) => {
      lines.push(pieces.map((piece) => decoder.decode(piece)).join(''))
    },
  }
  const audit = createAudit({
    clock,
    policy: { kind: 'Policy', apiVersion: 'audit.k8s.io/v1', metadata: {}, rules: [rule] },
    backend: logBackend('json', log, () => undefined),
  })
  const request = { method: 'GET', path: '/api/v1/pods', query: '', headers: {}, signal: new AbortController().signal }
  const attributes = {
    user: { name: 'admin', groups: [] },
    verb: 'list',
    isResource: true,
    path: request.path,
    group: '',
    version: 'v1',
    resource: 'pods',
    subresource: '',
    namespace: '',
    name: '',
  }
  const trail = audit({ request, attributes, auditID: 'id', received: 0, notes: new RequestNotes() })
  if (!trail) throw new Error('no trail')
  return trail
}

test('a list that goes out in pieces is not made whole: where events have it, its JSON is made bit by bit', async () => {
  const encoder = new TextEncoder()
  const chunks: Chunks = { contentType: 'application/json', pieces: () => [][Symbol.iterator]() as never }
  const response: ObjectResponse = {
    kind: 'object',
    code: 200,
    get object(): never {
      throw new Error('made whole')
    },
    encode() {
      throw new Error('made whole')
    },
    chunks,
    *jsonPieces(shown) {
      yield encoder.encode('{"items":[')
      yield new Uint8Array(0)
      yield encoder.encode(`${JSON.stringify(shown?.({ metadata: { managedFields: [], name: 'a' } }) ?? 'whole')}]}\n`)
    },
  }
  for (const omitManagedFields of [false, true]) {
    const lines: string[] = []
    for (const level of ['Metadata', 'Request', 'RequestResponse'])
      await auditResponse(trailOf({ level, omitManagedFields }, lines), response, false)
    expect(lines.map((line) => line.indexOf('\n') === line.length - 1)).toEqual([true, true, true])
    const events = lines.map((line) => JSON.parse(line) as Event)
    const item = omitManagedFields ? { metadata: { name: 'a' } } : 'whole'
    expect(events.map(({ responseStatus, responseObject }) => [responseStatus?.code, responseObject])).toEqual([
      [200, undefined],
      [200, undefined],
      [200, { items: [item] }],
    ])
    const order = events.map((event) => Object.keys(event).filter((field) => field !== 'responseObject'))
    expect(order[2]).toEqual(order[0])
  }
})
