import { expect, test } from 'vitest'
import { startInProcess } from '../fuzz/in-process.ts'
import { fuzz } from '../fuzz/session.ts'

// Of what `npm run fuzz` does, a little; K8TS_FUZZ_SEED has it send others.
test('Requests that chance makes get answers that can be read, break nothing, and change nothing when they are refused', async () => {
  const seed = Number(process.env['K8TS_FUZZ_SEED'] ?? 1)
  await using system = await startInProcess()
  const findings: unknown[] = []
  const tally = await fuzz(system, { seed, count: 1500, found: (finding) => findings.push(finding) })
  expect(findings).toEqual([])
  // Most kinds of outcome were there: created, changed, read, removed, and refused in several ways.
  expect([...tally.keys()]).toEqual(
    expect.arrayContaining(['POST 201', 'PATCH 200', 'GET 200', 'DELETE 200', 'POST 422', 'PATCH 409', 'POST 400']),
  )
})
