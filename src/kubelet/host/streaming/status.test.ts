import { expect, test } from 'vitest'
import { translatedStatus } from './status.ts'

const translated = (status: object): unknown =>
  JSON.parse(translatedStatus(Buffer.from(JSON.stringify(status))).toString())

test('translatedStatus() keeps ends of commands, and makes what failed before an error of the kubelet', () => {
  const exited = {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: 'command terminated with non-zero exit code',
    details: { causes: [{ reason: 'ExitCode', message: '7' }] },
  }
  for (const kept of [{ metadata: {}, status: 'Success' }, exited]) expect(translated(kept)).toEqual(kept)
  expect(translated({ status: 'Failure', reason: 'InternalError', message: 'no such file', code: 500 })).toEqual({
    metadata: {},
    status: 'Failure',
    message: 'Internal error occurred: no such file',
    reason: 'InternalError',
    details: { causes: [{ message: 'no such file' }] },
    code: 500,
  })
  expect(translatedStatus(Buffer.from('cut o')).toString()).toBe('cut o')
})
