import { expect, test } from 'vitest'
import { translatedStatus } from './status.ts'

const translated = (status: object): unknown =>
  JSON.parse(translatedStatus(Buffer.from(JSON.stringify(status))).toString())

test('translatedStatus() tells exit codes as the kubelet does, and makes what failed before an error of the kubelet', () => {
  const exited = {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: 'command terminated with non-zero exit code: error executing command [x], exit code 7',
    details: { causes: [{ reason: 'ExitCode', message: '7' }] },
  }
  const succeeded = { metadata: {}, status: 'Success' }
  expect(translated(succeeded)).toEqual(succeeded)
  const message = 'command terminated with non-zero exit code: command terminated with exit code 7'
  expect(translated(exited)).toEqual({ ...exited, metadata: {}, message })
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
