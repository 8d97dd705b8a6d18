/** A process that the kernel killed because memory ran out. */
export interface Kill {
  /** Cgroup whose memory ran out; `/` for that of the machine. */
  readonly cgroup: string
  readonly process: string
  readonly pid: number
}

/** What was told of a kill so far. */
type Draft = { -readonly [field in keyof Kill]: Kill[field] }

const begins = /invoked oom-killer:/
/** Since Linux 5.0. Of the machine's own memory it tells in other words. */
const whole =
  /oom-kill:constraint=.*,nodemask=.*,cpuset=.*,mems_allowed=.*,oom_memcg=(?<cgroup>.*),task_memcg=.*,task=(?<process>.*),pid=(?<pid>\d+),uid=/
const olderCgroup = /Task in .* killed as a result of limit of (?<cgroup>.*)/
const last = /Killed process (?<pid>\d+) \((?<process>.+)\)/

/** Gathers kills from messages of the kernel, which tell of each in several. Feed it every message, in order. */
export function createKillReader(): (message: string) => Kill | undefined {
  let draft: Draft | undefined
  return (message) => {
    if (!draft) {
      if (begins.test(message)) draft = { cgroup: '/', process: '', pid: 0 }
      return undefined
    }
    const cgroup = olderCgroup.exec(message)?.groups?.['cgroup']
    if (cgroup !== undefined) draft.cgroup = cgroup.startsWith('/') ? cgroup : `/${cgroup}`
    const told = (whole.exec(message) ?? last.exec(message))?.groups
    if (!told) return undefined
    const kill = {
      cgroup: told['cgroup'] ?? draft.cgroup,
      process: told['process'] ?? '',
      pid: Number(told['pid']),
    }
    draft = undefined
    return kill
  }
}
