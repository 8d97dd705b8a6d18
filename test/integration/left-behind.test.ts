import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { processesOf } from '../run/left-behind.ts'

test('a process is known by the run of tests in its environment, also when others started it', async () => {
  const [name, value] = ['K8TS_TEST_MARK', randomBytes(8).toString('hex')]
  const child = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { env: { ...process.env, [name]: value } })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const sleeper = line.toString().trim()
  // Its number is told before it is another program than the shell.
  await vi.waitFor(() => expect(processesOf(`${name}=${value}`)).toContain(`${sleeper} sleep 60`), 10_000)
  child.kill('SIGKILL')
  process.kill(Number(sleeper), 'SIGKILL')
  await once(child, 'close')
  expect(processesOf(`${name}=${value}`).filter((each) => each.startsWith(`${child.pid} `))).toEqual([])
})
