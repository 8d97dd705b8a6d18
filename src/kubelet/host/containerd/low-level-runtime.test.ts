import { expect, test } from 'vitest'
import { preferredRuntime } from './low-level-runtime.ts'

const debian12 = {
  crun: 'crun version 1.8.1\ncommit: f8a096be060b22ccd3d5f3ebe44108517fbf6c30\n',
  containerd: 'containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3\n',
  controllersBesideV1: '',
}
const containerd2 = 'containerd github.com/containerd/containerd/v2 v2.1.4 75cb2b7193e4\n'

test.each([
  ['where both are those of Debian 12', debian12, 'crun'],
  ['where crun is as new as containerd', { ...debian12, crun: 'crun version 1.21\n', containerd: containerd2 }, 'crun'],
  ['where crun is newer', { ...debian12, crun: 'crun version 2.0\n' }, 'crun'],
  ['where crun is not installed', { controllersBesideV1: '' }, 'runc'],
  ['where crun does not say which it is', { ...debian12, crun: 'crun version UNKNOWN\n' }, 'runc'],
  ['where crun is older than any that was tried', { ...debian12, crun: 'crun version 0.17\n' }, 'runc'],
  ['where containerd says what crun does not know', { ...debian12, containerd: containerd2 }, 'runc'],
  ['just before crun knew it', { ...debian12, crun: 'crun version 1.14.1\n', containerd: containerd2 }, 'runc'],
  ['once crun knew it', { ...debian12, crun: 'crun version 1.14.2\n', containerd: containerd2 }, 'crun'],
  ['where nobody knows what containerd says', { crun: debian12.crun, controllersBesideV1: '' }, 'runc'],
  ['where v1 and v2 share the controllers', { ...debian12, controllersBesideV1: 'hugetlb\n' }, 'runc'],
] as const)('%s, containers are started by the one that can start all of them', (_, facts, expected) => {
  expect(preferredRuntime(facts)).toBe(expected)
})
