import type { Cleanup } from '../cleanup.ts'
import { Binaries } from '../systems/binaries.ts'
import { startApiServer as startK8ts } from '../systems/k8ts/api-server.ts'
import { checkBuilt, programCommand } from '../systems/k8ts/program-file.ts'
import { k8tsScheduler } from '../systems/k8ts/system.ts'
import { startApiServer as startKube } from '../systems/upstream/api-server.ts'
import { kubeScheduler } from '../systems/upstream/system.ts'
import { startApart } from './apart.ts'
import { startOurs } from './ours.ts'
import type { Target } from './target.ts'

/** Whose API server is measured with whose scheduler. */
export interface MeasuredSystem {
  readonly name: string
  readonly start: (cleanup: Cleanup) => Promise<Target>
}

/** Nothing stands between the scheduler and the store that is not needed for pods to be bound. */
const flags = [
  '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition,Priority',
  '--enable-priority-and-fairness=false',
  '--max-requests-inflight=3000',
  '--max-mutating-requests-inflight=3000',
]

export interface SystemsOptions {
  /** Folder of upstream's programs; without it, there are ours alone. */
  readonly against: string | undefined
  /** Our objects stay in memory where everything is one process. */
  readonly memory: boolean
  /** Folder for profiles of our processes' time. */
  readonly profiles: string | undefined
}

/** Ours first; the one that others are compared with last. */
export function systemsOf({ against, memory, profiles }: SystemsOptions): readonly MeasuredSystem[] {
  const command = programCommand(profiles)
  const ourServer = (cleanup: Cleanup) => {
    checkBuilt()
    return startK8ts(command, cleanup, { flags })
  }
  const ours = k8tsScheduler(command)
  const alone: MeasuredSystem[] = [
    { name: 'k8ts up', start: () => startOurs(!memory) },
    { name: 'k8ts', start: async (cleanup) => startApart(await ourServer(cleanup), ours, cleanup) },
  ]
  if (against === undefined) return alone
  const binaries = new Binaries(against)
  const theirServer = (cleanup: Cleanup) => startKube(binaries, cleanup, flags)
  const theirs = kubeScheduler(binaries)
  return [
    ...alone,
    { name: 'k8ts on kube', start: async (cleanup) => startApart(await theirServer(cleanup), ours, cleanup) },
    { name: 'kube on k8ts', start: async (cleanup) => startApart(await ourServer(cleanup), theirs, cleanup) },
    { name: 'kube', start: async (cleanup) => startApart(await theirServer(cleanup), theirs, cleanup) },
  ]
}
