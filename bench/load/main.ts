/** The load generator's process: runs one task after the other as its parent says. */
import { messageOf } from '#base'
import { sendMixed } from './mixed.ts'
import { askQuestions } from './questions.ts'
import { sendRequests } from './requests.ts'
import { settleObjects } from './settle.ts'
import type { FromGenerator, Gate, Results, Task, ToGenerator } from './tasks.ts'
import { watchWrites } from './watchers.ts'

const tell = (message: FromGenerator): void => {
  process.send?.(message)
}

let go = (): void => {}

async function run(task: Task, gate: Gate): Promise<Results[Task['kind']]> {
  switch (task.kind) {
    case 'requests':
      return sendRequests(task, gate)
    case 'mixed':
      return sendMixed(task, gate)
    case 'watch':
      return watchWrites(task, gate)
    case 'settle':
      return settleObjects(task, gate)
    case 'questions':
      return askQuestions(task, gate)
  }
}

async function perform(task: Task): Promise<void> {
  let before = process.cpuUsage()
  const gate: Gate = () =>
    new Promise((resolve) => {
      go = () => {
        before = process.cpuUsage()
        resolve()
      }
      tell({ type: 'open' })
    })
  try {
    const result = await run(task, gate)
    const { user, system } = process.cpuUsage(before)
    tell({ type: 'done', result, cpuMs: (user + system) / 1000 })
  } catch (error) {
    tell({ type: 'failed', message: messageOf(error) })
  }
}

process.on('message', (message: ToGenerator) => {
  if (message.type === 'run') void perform(message.task)
  else if (message.type === 'go') go()
  else process.disconnect()
})
process.on('disconnect', () => process.exit())
// An interrupt of the terminal is for the parent, which ends us.
process.on('SIGINT', () => {})
