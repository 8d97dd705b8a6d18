/** The programs of a cluster, by upstream's names. */
export const parts = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'] as const
export type Part = (typeof parts)[number]

/** Words of `k8ts` that stand for upstream's program. */
export const verbs: { readonly [part in Part]: string } = {
  'kube-apiserver': 'apiserver',
  'kube-controller-manager': 'controller-manager',
  'kube-scheduler': 'scheduler',
  kubelet: 'kubelet',
  'kube-proxy': 'proxy',
}

/** Which parts are ours; the others are upstream's. */
export interface Swap {
  readonly name: string
  readonly ours: readonly Part[]
  /** Parts that its tasks start. */
  readonly left?: readonly Part[]
}

const only = (part: Part): Swap => ({ name: verbs[part], ours: [part] })

/** Nothing of ours, to see what upstream's parts complain of anyway; ours one by one in upstream's cluster, and upstream's API server and ours with all of the other's. */
export const swaps: readonly Swap[] = [
  { name: 'upstream', ours: [] },
  only('kube-apiserver'),
  only('kube-controller-manager'),
  only('kube-scheduler'),
  only('kubelet'),
  only('kube-proxy'),
  { name: 'clients', ours: parts.filter((part) => part !== 'kube-apiserver') },
  { name: 'elections', ours: [], left: ['kube-controller-manager', 'kube-scheduler'] },
]
