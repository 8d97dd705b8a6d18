import { ociArchive } from './oci-image.ts'
import { pauseProgram, type Architecture } from './pause.ts'
import { tar } from './tar.ts'

/** Name of the pod sandbox image that is made here, so that no registry is needed to start. */
export const sandboxImageName = 'k8ts.local/pause:2'

/**
 * Where a runtime mounts something into every sandbox. What an image lacks of it, a runtime makes in each sandbox's own layer,
 * folder by folder on the disk, and takes away with it.
 */
const mountPoints = ['dev/', 'etc/', 'etc/hostname', 'etc/hosts', 'etc/resolv.conf', 'proc/', 'sys/']

/** The pod sandbox image as an archive in OCI layout. */
export function sandboxImageArchive(architecture: Architecture = hostArchitecture()): Buffer {
  return ociArchive({
    names: [sandboxImageName],
    architecture,
    config: { entrypoint: ['/pause'], user: '65535:65535', environment: ['PATH=/'] },
    layers: [
      tar([
        { name: 'pause', content: pauseProgram(architecture), mode: 0o755 },
        ...mountPoints.map((name) => ({ name, content: new Uint8Array() })),
      ]),
    ],
  })
}

export function hostArchitecture(): Architecture {
  if (process.arch === 'x64') return 'amd64'
  if (process.arch === 'arm64') return 'arm64'
  throw new Error(`make sandbox image: there is none for the architecture ${process.arch}`)
}
