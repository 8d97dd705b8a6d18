import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLogger } from '#base'
import { forbidden } from '#machinery'
import { fileLog } from './log.ts'

test('what a server refuses is one line of the log, and a mistake of the program shows where it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-log-'))
  const file = join(folder, 'log')
  const log = fileLog(file)
  const logger = createLogger('info', log.write)
  logger.warn('List or watch failed', { error: forbidden({ group: '', resource: 'pods' }, 'a', 'not yours') })
  logger.error('Reconcile failed', { error: new TypeError('x is not a function') })
  log.close()
  const [refused = '', mistake = ''] = (await readFile(file, 'utf8')).split('\n')
  expect(refused).toMatch(/ error="StatusError: pods \\"a\\" is forbidden: not yours"$/)
  expect(mistake).toMatch(/ error="TypeError: x is not a function\\n +at .*log\.test\.ts/)
  await rm(folder, { recursive: true })
})

test('a log without a line goes again, with what was made for it and has nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-log-'))
  fileLog(join(folder, 'data', 'logs', 'log')).close()
  expect(await readdir(folder)).toEqual([])
  const log = fileLog(join(folder, 'data', 'logs', 'log'))
  await writeFile(join(folder, 'data', 'settings'), '')
  log.close()
  expect(await readdir(join(folder, 'data'))).toEqual(['settings'])
  await rm(folder, { recursive: true })
})
