import { expect, test } from 'vitest'
import { createLogger, messageOf } from '#base'
import { TestNode } from '../testing/node.ts'

/** A node whose kernel says this, and what its events and warnings are. */
async function told(messages: readonly string[] | Error): Promise<{ events: string[]; logged: string[] }> {
  const logged: string[] = []
  const node = new TestNode({
    kernelLog: {
      async *follow(signal) {
        if (messages instanceof Error) throw messages
        yield* messages
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      },
    },
    log: createLogger(
      'info',
      (level, message, { error }) => void logged.push(`${level} ${message} ${messageOf(error)}`),
    ),
  })
  await node.settle()
  await node.stop()
  return { events: node.events.filter((event) => event.includes('OOM')), logged }
}

const start = 'stress invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0'
const memcg = (cgroup: string): string =>
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=c1,mems_allowed=0,oom_memcg=${cgroup},` +
  `task_memcg=${cgroup}/c1,task=stress,pid=1831,uid=0\n`
const killed = (pid: number, name: string): string =>
  `Out of memory: Killed process ${pid} (${name}) total-vm:19024kB, anon-rss:15872kB\n SUBSYSTEM=memory\n`

test('an event tells of each process that was killed because the machine had no memory left', async () => {
  const whole =
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user,task=stress,pid=17,uid=0'
  const { events } = await told([
    'NET: Registered',
    start,
    'CPU: 1 PID: 17 Comm: stress',
    whole,
    killed(17, 'stress'),
    start,
    killed(18, 'a (b)'),
    start,
    memcg('/'),
  ])
  expect(events).toEqual([
    'Warning SystemOOM System OOM encountered, victim process: stress, pid: 17',
    'Warning SystemOOM System OOM encountered, victim process: a (b), pid: 18',
    'Warning SystemOOM System OOM encountered, victim process: stress, pid: 1831',
  ])
})

test('what runs out of its own limit is no concern of the machine', async () => {
  const older = 'Task in /kubepods/pod1/c1 killed as a result of limit of /kubepods/pod1'
  const { events } = await told([
    start,
    memcg('/kubepods/pod1'),
    killed(1831, 'stress'),
    start,
    older,
    killed(19, 'stress'),
    killed(20, 'nobody asked'),
  ])
  expect(events).toEqual([])
})

test('a node whose kernel tells nothing says so once, and runs', async () => {
  const { events, logged } = await told(new Error('open /dev/kmsg: no such file or directory'))
  expect(events).toEqual([])
  expect(logged.filter((line) => line.includes('oomWatcher'))).toEqual([
    'error Failed to create an oomWatcher open /dev/kmsg: no such file or directory',
  ])
})
