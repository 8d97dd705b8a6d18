/**
 * Cgroup that a process is accounted in; `undefined` where that of its CPU is not that of its memory. Where systemd keeps
 * a hierarchy of its own, its name counts.
 *
 * @param text of /proc/PID/cgroup.
 */
export function accountedIn(text: string, version: 1 | 2): string | undefined {
  const paths = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, id = '', path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    if (path !== undefined) for (const controller of id.split(',')) paths.set(controller, path)
  }
  if (version === 2) return paths.get('')
  const cpu = paths.get('cpu')
  return cpu === paths.get('memory') ? cpu && (paths.get('name=systemd') ?? cpu) : undefined
}
