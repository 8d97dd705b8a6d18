import type { KubeletConfiguration } from '../config/configuration.ts'
import type { Machine } from '../seams/node-facts.ts'

/** @throws Error when the machine is not one that the configuration is for. */
export function checkMachine(config: KubeletConfiguration, { cgroupVersion }: Pick<Machine, 'cgroupVersion'>): void {
  if (config.failCgroupV1 && cgroupVersion === 1) {
    throw new Error(
      'kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is unsupported and will be removed in a future release',
    )
  }
}

interface Warning {
  readonly reason: string
  readonly message: string
}

/** What people should know of a machine before they trust it with pods. */
export function machineWarnings({ cgroupVersion, swapBytes, kernelVersion }: Machine): readonly Warning[] {
  return [
    ...(cgroupVersion === 1 ? [cgroupV1] : []),
    ...(swapBytes > 0 && !keepsTmpfsInMemory(kernelVersion) ? [volumesOnDisk] : []),
  ]
}

const cgroupV1: Warning = {
  reason: 'CgroupV1',
  message:
    'cgroup v1 detected. cgroup v1 support is deprecated and will be removed in a future release. Please migrate to cgroup v2. More information at https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1',
}

const volumesOnDisk: Warning = {
  reason: 'PossibleMemoryBackedVolumesOnDisk',
  message:
    'The tmpfs noswap option is not supported. Memory-backed volumes (e.g. secrets, emptyDirs, etc.) might be swapped to disk and should no longer be considered secure.',
}

/** Kernels since 6.4 have the option `noswap` of tmpfs. */
function keepsTmpfsInMemory(kernelVersion: string): boolean {
  const [major = 0, minor = 0] = kernelVersion.split('.').map((part) => Number.parseInt(part, 10))
  return major > 6 || (major === 6 && minor >= 4)
}
