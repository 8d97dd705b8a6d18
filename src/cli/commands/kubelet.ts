import { defined } from '#base'
import { componentCommand, flagsGiven, remoteSettings } from '../components/remote.ts'
import { credentialProvidersOf } from '../components/credential-provider-flags.ts'
import { kubeletFlags, toleratedKubeletFlags } from '../components/kubelet-flags.ts'
import { configurationOf } from '../components/kubelet-configuration.ts'
import type { Command } from '../command.ts'

export const kubeletCommand: Command = componentCommand({
  name: 'kubelet',
  about: 'Runs the kubelet of a node by itself, over a container runtime that speaks CRI.',
  flags: kubeletFlags,
  tolerated: toleratedKubeletFlags,
  run: async (flags, signal, given) => {
    const { runKubelet } = await import('../load/kubelet.ts')
    const { config: configFile, 'config-dir': configDir, 'hostname-override': nodeName, 'node-ip': nodeIP } = flags
    const { 'bootstrap-kubeconfig': bootstrapKubeconfig, 'cert-dir': certificateDir } = flags
    const credentialProviders = credentialProvidersOf(flags)
    await runKubelet(
      {
        ...remoteSettings({ ...flags, master: undefined }),
        configuration: configurationOf(flags, given),
        labels: flags['node-labels'],
        root: flags['root-dir'],
        exitOnLockContention: flags['exit-on-lock-contention'],
        flags: flagsGiven(kubeletFlags, flags, given),
        ...defined({ bootstrapKubeconfig, certificateDir, configFile, credentialProviders, configDir, nodeName }),
        ...defined({
          nodeIPs: nodeIP?.split(','),
          runtimeCgroups: flags['runtime-cgroups'],
          lockFile: flags['lock-file'],
        }),
      },
      signal,
    )
  },
})
