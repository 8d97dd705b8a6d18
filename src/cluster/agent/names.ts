/** What a node's parts are called in the tables and among the devices of its network. */
export const nodeNetworkNames = {
  services: 'k8ts-services',
  policies: 'k8ts-policies',
  pods: 'k8ts-pods',
  dns: 'k8ts-dns',
  announced: 'k8ts-announced',
} as const
