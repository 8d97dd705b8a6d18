import { podReasons, readRunningState, usageError, UserError } from '#cluster'
import type { Command } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { choice, optional } from '../flags/kinds.ts'
import { reasonLines } from '../output/reasons.ts'
import { layoutOf } from './cluster-flags.ts'

interface WhyFlags {
  readonly namespace: string | undefined
  readonly kubeconfig: string | undefined
  readonly name: string | undefined
  readonly output: 'text' | 'json'
}

const flags: FlagSet<WhyFlags> = {
  namespace: { ...optional("Namespace of the pod; that of the kubeconfig's context when absent."), short: 'n' },
  kubeconfig: optional('How to reach the API server; as kubectl finds it when absent.', 'file'),
  name: optional('Cluster of this machine to ask, in place of a kubeconfig.', 'name'),
  output: { ...choice(['text', 'json'], 'text', 'Form of the answer.'), short: 'o' },
}

export const whyCommand: Command = flagCommand({
  name: 'why',
  usage: 'why pod/NAME [flags]',
  about:
    'Tells why a pod is on its node, or on none: what every plugin of the scheduler says of every node, what was ' +
    'decided last, and the smallest change that would make it fit.',
  flags,
  takesParameters: true,
  async run({ values, rest }, terminal) {
    const kubeconfig = values.name === undefined ? values.kubeconfig : await kubeconfigOf(values.name)
    const reasons = await podReasons({
      name: podNameOf(rest),
      ...(values.namespace === undefined ? {} : { namespace: values.namespace }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    })
    if (values.output === 'json')
      terminal.print(JSON.stringify(reasons.decision ?? { unknown: reasons.silence }, null, 2))
    else for (const line of reasonLines(reasons)) terminal.print(line)
    return 0
  },
})

/** `pod/web`, `pods/web`, `po/web`, or two words. */
function podNameOf([first, second, ...others]: readonly string[]): string {
  const [kind = '', name = second ?? ''] = (first ?? '').split('/')
  if (name === '' || others.length > 0 || !['pod', 'pods', 'po'].includes(kind.toLowerCase())) {
    throw usageError('k8ts why wants one pod: k8ts why pod/NAME')
  }
  return name
}

async function kubeconfigOf(name: string): Promise<string> {
  const state = await readRunningState(layoutOf({ name, 'data-dir': undefined }).stateFile)
  if (state) return state.adminKubeconfig
  throw new UserError(`cluster ${name} does not run: start it with k8ts up --name ${name}`)
}
