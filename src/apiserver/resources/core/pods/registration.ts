import type { Pod } from '#api/core/v1'
import { defaultPod } from '#machinery'
import { podLog } from '../../../proxy/log.ts'
import { podProxy } from '../../../proxy/proxy.ts'
import { podAttach, podExec, podPortForward } from '../../../proxy/streams.ts'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { bindPod } from './binding.ts'
import { podColumns } from './columns.ts'
import { ephemeralContainersRules } from './ephemeral-containers.ts'
import { evictPod } from './eviction.ts'
import { resizeRules } from './resize.ts'
import { podScheduling } from './scheduling.ts'
import { podStatusRules } from './status.ts'
import { podStrategy } from './strategy.ts'

export const podsRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'pods',
  strategy: podStrategy,
  defaults: defaults<Pod>(defaultPod),
  columns: podColumns,
  untabled: ['ephemeralcontainers', 'resize'],
  updates: {
    status: podStatusRules,
    ephemeralcontainers: ephemeralContainersRules,
    resize: resizeRules,
  },
  connects: {
    log: podLog,
    exec: podExec,
    attach: podAttach,
    portforward: podPortForward,
    proxy: podProxy,
  },
  unlisted: { scheduling: podScheduling },
  creates: { binding: bindPod, eviction: evictPod },
}

export const bindingsRegistration: ResourceRegistration = { place: 'core/v1', plural: 'bindings', create: bindPod }
