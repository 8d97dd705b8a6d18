import { ip, ipQuery } from '../ip.ts'
import type { Route } from '../ip.ts'
import type { PodRoute } from './routes.ts'

/** Marks our routes in the kernel's tables; above the numbers that routing daemons use. */
const protocol = '84'

/** Makes exactly these the routes that bear our mark. Routes that are there stay untouched. */
export async function applyRoutes(wanted: readonly PodRoute[], namespace?: string): Promise<void> {
  const listed = await Promise.all(
    ['-4', '-6'].map((family) => ipQuery<Route>([family, 'route', 'show', 'protocol', protocol], namespace)),
  )
  const present = new Map(listed.flat().map((route) => [normal(route.dst), route]))
  const commands: string[] = []
  for (const { destination, via, device } of wanted) {
    const route = present.get(destination)
    present.delete(destination)
    if (route && route.gateway === via && (device === undefined || route.dev === device)) continue
    const way =
      via === undefined
        ? `unreachable ${destination}`
        : `${destination} via ${via}${device === undefined ? '' : ` dev ${device} onlink`}`
    // A route and a refusal of one destination are two routes: the old one has to go.
    if (route) commands.push(deletion(route))
    commands.push(`route replace ${way} protocol ${protocol}`)
  }
  for (const route of present.values()) commands.push(deletion(route))
  await ip(commands, namespace)
}

function deletion(route: Route): string {
  const kind = route.type === undefined || route.type === 'unicast' ? '' : `${route.type} `
  return `route delete ${kind}${route.dst} protocol ${protocol}`
}

/** `ip` leaves out the prefix of single addresses. */
function normal(destination: string): string {
  if (destination.includes('/')) return destination
  return `${destination}/${destination.includes(':') ? 128 : 32}`
}
