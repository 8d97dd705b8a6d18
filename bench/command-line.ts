import { parseArgs } from 'node:util'
import type { Extent } from './parts/part.ts'
import { fullExtent, quickExtent } from './parts/part.ts'

const usualParts = ['cluster', 'api', 'writes', 'mixed', 'memory', 'scheduler', 'proxy', 'dns', 'ingress'] as const
/** These take long, and there is nothing of upstream's beside them. */
const namedParts = ['scale', 'rollout'] as const
const partNames = [...usualParts, ...namedParts] as const
export type PartName = (typeof partNames)[number]

export const usage = `npm run bench [-- PART… options]
Parts: ${usualParts.join(', ')}; all of them when none is named. ${namedParts.join(', ')}; only when they are
named. workloads, by itself: see docs/bench.md.

  --against DIR  measures upstream's programs as well: etcd, kube-apiserver, kube-controller-manager, kube-scheduler,
                 kubelet and kube-proxy from DIR, or from the path; nginx beside the proxy of Ingresses
  --runc         has upstream's containerd start containers by runc, as it does when nobody sets it up otherwise; without
                 it, by what ours has
  --out FILE     writes the lines of JSON there, and sentences instead of them to the terminal
  --profiles DIR keeps profiles of the processor time of our processes
  --seconds N    that each rate is measured (8)
  --idle N       seconds for which processor time at rest is measured (60)
  --starts N     how many starts are measured (3)
  --pods N       that are started at once (50)
  --nodes N      that pretend and get thirty pods each, for scale (5000)
  --rate N       pods a second of these (150)
  --deployments N of a hundred pods that are rolled at once, for rollout (100)
  --quick        little of everything: shows that it works, and no figures`

export interface CommandLine {
  readonly parts: readonly PartName[]
  readonly against: string | undefined
  /** Whether upstream's containers are started by runc whatever ours has. */
  readonly runc: boolean
  readonly out: string | undefined
  readonly profiles: string | undefined
  readonly extent: Extent
  readonly help: boolean
}

/** @throws Error that tells what is wrong with the parameters. */
export function parseCommandLine(parameters: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      against: { type: 'string' },
      runc: { type: 'boolean', default: false },
      out: { type: 'string' },
      profiles: { type: 'string' },
      seconds: { type: 'string' },
      idle: { type: 'string' },
      starts: { type: 'string' },
      pods: { type: 'string' },
      nodes: { type: 'string' },
      rate: { type: 'string' },
      deployments: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const named = positionals.map((name) => {
    const part = partNames.find((known) => known === name)
    if (!part) throw new Error(`there is no part ${JSON.stringify(name)}, but ${partNames.join(', ')}`)
    return part
  })
  const base = values.quick ? quickExtent : fullExtent
  return {
    parts: named.length > 0 ? partNames.filter((part) => named.includes(part)) : usualParts,
    against: values.against,
    runc: values.runc,
    out: values.out,
    profiles: values.profiles,
    help: values.help,
    extent: {
      ...base,
      ms: seconds('seconds', values.seconds, base.ms),
      idleMs: seconds('idle', values.idle, base.idleMs),
      starts: values.starts === undefined ? base.starts : positive('starts', values.starts),
      podsAtOnce: values.pods === undefined ? base.podsAtOnce : positive('pods', values.pods),
      scaleNodes: values.nodes === undefined ? base.scaleNodes : positive('nodes', values.nodes),
      podsPerSecond: values.rate === undefined ? base.podsPerSecond : positive('rate', values.rate),
      rolledDeployments:
        values.deployments === undefined ? base.rolledDeployments : positive('deployments', values.deployments),
    },
  }
}

const seconds = (flag: string, text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : positive(flag, text) * 1000

function positive(flag: string, text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new Error(`--${flag} takes a number above 0, but ${JSON.stringify(text)} was given`)
  return number
}
