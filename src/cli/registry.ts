import type { CommandEntry } from './command.ts'

/** All commands, in the order of the overview. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'start a cluster on this machine and run it',
    section: 'Clusters',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  {
    name: 'down',
    summary: 'stop a cluster of this machine and remove what it left behind',
    section: 'Clusters',
    load: async () => (await import('./commands/down.ts')).downCommand,
  },
  {
    name: 'status',
    summary: 'tell what a cluster of this machine is doing',
    section: 'Clusters',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'why',
    summary: 'tell why a pod is on its node, or on none, and where packets for a Service end',
    section: 'Clusters',
    load: async () => (await import('./commands/why.ts')).whyCommand,
  },
  {
    name: 'kubeconfig',
    summary: "print the administrator's kubeconfig of a cluster of this machine",
    section: 'Clusters',
    load: async () => (await import('./commands/kubeconfig.ts')).kubeconfigCommand,
  },
  {
    name: 'image',
    summary: 'give images to the nodes of a cluster of this machine',
    section: 'Clusters',
    load: async () => (await import('./commands/image.ts')).imageCommand,
  },
  {
    name: 'server',
    summary: 'run the control plane of a cluster of several machines',
    section: 'Machines',
    load: async () => (await import('./commands/server.ts')).serverCommand,
  },
  {
    name: 'agent',
    summary: 'make this machine a node of a cluster, and be it',
    section: 'Machines',
    load: async () => (await import('./commands/agent.ts')).agentCommand,
  },
  {
    name: 'token',
    summary: 'make, list and delete the tokens by which machines join',
    section: 'Machines',
    load: async () => (await import('./commands/token.ts')).tokenCommand,
  },
  {
    name: 'apiserver',
    summary: 'run an API server by itself',
    section: 'Components',
    load: async () => (await import('./commands/apiserver.ts')).apiServerCommand,
  },
  {
    name: 'controller-manager',
    summary: 'run the controllers by themselves',
    section: 'Components',
    load: async () => (await import('./commands/controller-manager.ts')).controllerManagerCommand,
  },
  {
    name: 'scheduler',
    summary: 'run a scheduler by itself',
    section: 'Components',
    load: async () => (await import('./commands/scheduler.ts')).schedulerCommand,
  },
  {
    name: 'kubelet',
    summary: 'run the kubelet of a node by itself',
    section: 'Components',
    load: async () => (await import('./commands/kubelet.ts')).kubeletCommand,
  },
  {
    name: 'proxy',
    summary: 'run the service proxy of a node by itself',
    section: 'Components',
    load: async () => (await import('./commands/proxy.ts')).proxyCommand,
  },
  {
    name: 'dns',
    summary: 'run the cluster DNS by itself',
    section: 'Components',
    load: async () => (await import('./commands/dns.ts')).dnsCommand,
  },
  {
    name: 'ingress',
    summary: 'serve Ingresses on this machine by itself',
    section: 'Components',
    load: async () => (await import('./commands/ingress.ts')).ingressCommand,
  },
  {
    name: 'version',
    summary: 'print the versions of k8ts and of the Kubernetes it speaks',
    section: 'Clusters',
    load: async () => (await import('./commands/version.ts')).versionCommand,
  },
]
