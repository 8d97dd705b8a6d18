import type { ContainerRuntime, NamespaceMode, PodSandbox, PodSandboxStatus } from '#kubelet'
import { ignoreNotFound, undefinedIfNotFound, type Call } from './call.ts'
import { methods } from './messages.ts'

type SandboxCalls = Pick<
  ContainerRuntime,
  'listPodSandboxes' | 'podSandboxStatus' | 'removePodSandbox' | 'runPodSandbox' | 'stopPodSandbox'
>

interface WireSandboxStatus extends PodSandbox {
  readonly network?: { readonly ip: string; readonly additionalIps: readonly { readonly ip: string }[] }
  readonly linux?: { readonly namespaces?: { readonly options?: { readonly network: NamespaceMode } } }
}

/** What a runtime does with sandboxes. The network of one is set up while it starts, so that may take twice as long. */
export function sandboxCalls(call: Call, requestTimeoutMs: number): SandboxCalls {
  return {
    runPodSandbox: async (config, runtimeHandler) => {
      const request = { config, runtimeHandler }
      return (await call<{ podSandboxId: string }>(methods.runPodSandbox, request, 2 * requestTimeoutMs)).podSandboxId
    },
    stopPodSandbox: (id) => ignoreNotFound(call(methods.stopPodSandbox, { podSandboxId: id })),
    removePodSandbox: (id) => ignoreNotFound(call(methods.removePodSandbox, { podSandboxId: id })),
    podSandboxStatus: async (id) => {
      const asked = call<{ status?: WireSandboxStatus }>(methods.podSandboxStatus, { podSandboxId: id })
      const answer = await undefinedIfNotFound(asked)
      return answer?.status && sandboxStatusOf(answer.status)
    },
    listPodSandboxes: async ({ state, ...rest } = {}) => {
      const filter = state === undefined ? rest : { ...rest, state: { state } }
      return (await call<{ items: readonly PodSandbox[] }>(methods.listPodSandbox, { filter })).items
    },
  }
}

function sandboxStatusOf(wire: WireSandboxStatus): PodSandboxStatus {
  const { network, linux, ...sandbox } = wire
  const ips = network && [network.ip, ...network.additionalIps.map(({ ip }) => ip)].filter((ip) => ip !== '')
  return { ...sandbox, network: linux?.namespaces?.options?.network ?? 'pod', ...(ips ? { ips } : {}) }
}
