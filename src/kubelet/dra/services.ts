/** Services of drivers that the agent can speak to, the newest first. */
const known: readonly string[] = ['v1.DRAPlugin', 'v1beta1.DRAPlugin']

/**
 * The service by which to prepare claims: the first that the driver names and we know.
 *
 * @param offered what the driver registers with, instead of versions. @throws Error when we know none of them.
 */
export function serviceOf(driver: string, endpoint: string, offered: readonly string[]): string {
  const chosen = offered.find((service) => known.includes(service))
  if (chosen !== undefined) return chosen
  const why =
    offered.length === 0
      ? 'empty list of supported gRPC services (aka supported versions)'
      : `none of services supported by the plugin (${listed(offered)}) are supported by the kubelet (${listed(known)})`
  throw new Error(`invalid supported gRPC versions of DRA driver plugin ${driver} at endpoint ${endpoint}: ${why}`)
}

const listed = (services: readonly string[]): string => `[${services.map((one) => JSON.stringify(one)).join(' ')}]`
