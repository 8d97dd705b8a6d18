import { VirtualClock } from '#base'
import type { Event } from '#api/audit/v1'
import type { Chunks, ObjectResponse } from '#client'
import { expect, test } from 'vitest'
import { createAudit } from './audit.ts'
import type { AuditTrail } from './trail.ts'
import { auditResponse } from './response.ts'
import { RequestNotes } from '../request/notes.ts'

const clock = new VirtualClock()

function trailOf(level: string, events: Event[]): AuditTrail {
  const audit = createAudit({
    clock,
    policy: { kind: 'Policy', apiVersion: 'audit.k8s.io/v1', metadata: {}, rules: [{ level }] },
    backend: { write: (written) => events.push(...written) > 0, close: async () => undefined },
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

test('a list that goes out in pieces is not made whole where nobody wants to have it', async () => {
  const chunks: Chunks = { contentType: 'application/json', pieces: () => [][Symbol.iterator]() as never }
  let whole = 0
  const response: ObjectResponse = {
    kind: 'object',
    code: 200,
    get object() {
      whole++
      return { kind: 'PodList', items: [] }
    },
    encode: () => ({ contentType: 'application/json', bytes: new TextEncoder().encode('{"kind":"PodList"}') }),
    chunks,
  }
  const events: Event[] = []
  await auditResponse(trailOf('Metadata', events), response, false)
  await auditResponse(trailOf('Request', events), response, false)
  expect(whole).toBe(0)
  await auditResponse(trailOf('RequestResponse', events), response, false)
  expect(events.map(({ responseStatus, responseObject }) => [responseStatus?.code, responseObject])).toEqual([
    [200, undefined],
    [200, undefined],
    [200, { kind: 'PodList' }],
  ])
})
