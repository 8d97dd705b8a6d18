import type { Command } from '../command.ts'
import { clientFlags, logFlags, toleratedClientFlags, tolerate, toleratedLogFlags } from '../components/common.ts'
import type { ClientFlags, LogFlags } from '../components/common.ts'
import { componentCommand, remoteSettings } from '../components/remote.ts'
import type { FlagSet } from '../flags/flag.ts'
import { list } from '../flags/kinds.ts'

interface IngressFlags extends ClientFlags, LogFlags {
  readonly 'publish-address': readonly string[]
}

const flags: FlagSet<IngressFlags> = {
  ...clientFlags,
  'publish-address': list(
    [],
    'Addresses and names by which clients reach this machine, for the status of Ingresses; its own address when empty.',
  ),
  ...logFlags,
}

export const ingressCommand: Command = componentCommand({
  name: 'ingress',
  about: 'Serves the Ingresses of class k8ts on ports 80 and 443 of this machine, by haproxy.',
  flags,
  tolerated: tolerate(toleratedLogFlags, toleratedClientFlags),
  async run(values, signal) {
    const { runIngress } = await import('../load/ingress.ts')
    await runIngress({ ...remoteSettings(values), published: values['publish-address'] }, signal)
  },
})
