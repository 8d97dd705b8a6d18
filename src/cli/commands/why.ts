import { podReasons, readRunningState, serviceReasons, usageError, UserError } from '#cluster'
import type { Command } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { choice, optional } from '../flags/kinds.ts'
import { reasonLines } from '../output/reasons.ts'
import { serviceReasonLines } from '../output/service-reasons.ts'
import { layoutOf } from './cluster-flags.ts'

interface WhyFlags {
  readonly namespace: string | undefined
  readonly kubeconfig: string | undefined
  readonly name: string | undefined
  readonly from: string | undefined
  readonly port: string | undefined
  readonly output: 'text' | 'json'
}

const flags: FlagSet<WhyFlags> = {
  namespace: {
    ...optional("Namespace of the pod or Service; that of the kubeconfig's context when absent."),
    short: 'n',
  },
  kubeconfig: optional('How to reach the API server; as kubectl finds it when absent.', 'file'),
  name: optional('Cluster of this machine to ask, in place of a kubeconfig.', 'name'),
  from: optional('Who asks a Service: pod/NAME, pod/NAMESPACE/NAME or node/NAME.', 'who'),
  port: optional('Port of the Service, by name or number; all of them when absent.', 'port'),
  output: { ...choice(['text', 'json'], 'text', 'Form of the answer.'), short: 'o' },
}

export const whyCommand: Command = flagCommand({
  name: 'why',
  usage: 'why pod/NAME | service/NAME [flags]',
  about:
    'Tells why a pod is on its node, or on none: what every plugin of the scheduler says of every node, what was ' +
    'decided last, and the smallest change that would make it fit. Or where packets for a Service end, and why not: its ' +
    'name, addresses, rules, policies and endpoints.',
  flags,
  takesParameters: true,
  async run({ values, rest }, terminal) {
    const kubeconfig = values.name === undefined ? values.kubeconfig : await kubeconfigOf(values.name)
    const { kind, name } = subjectOf(rest)
    const question = {
      name,
      ...(values.namespace === undefined ? {} : { namespace: values.namespace }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    }
    if (kind === 'service') {
      const { from, port } = values
      const explanation = await serviceReasons({
        ...question,
        ...(from === undefined ? {} : { from }),
        ...(port === undefined ? {} : { port }),
      })
      const isJson = values.output === 'json'
      for (const line of isJson ? [JSON.stringify(explanation, null, 2)] : serviceReasonLines(explanation)) {
        terminal.print(line)
      }
      return 0
    }
    if (values.from !== undefined || values.port !== undefined) throw usageError('--from and --port are about Services')
    const reasons = await podReasons(question)
    if (values.output === 'json')
      terminal.print(JSON.stringify(reasons.decision ?? { unknown: reasons.silence }, null, 2))
    else for (const line of reasonLines(reasons)) terminal.print(line)
    return 0
  },
})

const kinds = {
  pod: ['pod', 'pods', 'po'],
  service: ['service', 'services', 'svc'],
} as const

/** `pod/web`, `pods/web`, `po/web`, `svc/web`, or two words. */
function subjectOf([first, second, ...others]: readonly string[]): {
  readonly kind: keyof typeof kinds
  readonly name: string
} {
  const [given = '', name = second ?? ''] = (first ?? '').split('/')
  const spelling = given.toLowerCase()
  if (name !== '' && others.length === 0) {
    if (kinds.pod.some((each) => each === spelling)) return { kind: 'pod', name }
    if (kinds.service.some((each) => each === spelling)) return { kind: 'service', name }
  }
  throw usageError('k8ts why wants one pod or Service: k8ts why pod/NAME, k8ts why service/NAME')
}

async function kubeconfigOf(name: string): Promise<string> {
  const state = await readRunningState(layoutOf({ name, 'data-dir': undefined }).stateFile)
  if (state) return state.adminKubeconfig
  throw new UserError(`cluster ${name} does not run: start it with k8ts up --name ${name}`)
}
