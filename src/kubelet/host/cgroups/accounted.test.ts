import { expect, test } from 'vitest'
import { accountedIn } from './accounted.ts'

test.each<readonly [string, 1 | 2, string, string | undefined]>([
  ['the unified hierarchy', 2, '0::/system.slice/k8ts.service\n', '/system.slice/k8ts.service'],
  ['controllers of their own', 1, '4:memory:/agents\n3:cpu,cpuacct:/agents\n0::/\n', '/agents'],
  ['two cgroups', 1, '4:memory:/a\n3:cpu,cpuacct:/b\n', undefined],
  ['no controllers', 1, '0::/\n', undefined],
  [
    'a name by systemd',
    1,
    '4:memory:/\n3:cpu,cpuacct:/\n1:name=systemd:/system.slice/a:b.service\n',
    '/system.slice/a:b.service',
  ],
])('accountedIn() finds the cgroup of a process: %s', (_, version, text, path) => {
  expect(accountedIn(text, version)).toBe(path)
})
