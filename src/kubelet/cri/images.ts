import type { FilesystemUsage, ImageService, RuntimeImage } from '#kubelet'
import type { Call } from './call.ts'
import { present } from './fields.ts'
import { methods } from './messages.ts'

interface WireFilesystem {
  readonly timestamp: number
  readonly filesystem?: { readonly mountpoint: string }
  readonly usedBytes?: number
  readonly inodesUsed?: number
}

/** The image service on a connection. */
export function createImageService(call: Call): ImageService {
  return {
    list: async () => {
      const answer = await call<{ images: readonly RuntimeImage[] }>(methods.listImages, {})
      return answer.images.map(present)
    },
    status: async (image) => {
      const answer = await call<{ image?: RuntimeImage }>(methods.imageStatus, { image })
      return answer.image && answer.image.id !== '' ? present(answer.image) : undefined
    },
    pull: async (image, auth) => {
      const answer = await call<{ imageRef: string }>(methods.pullImage, { image, auth }, Infinity)
      return answer.imageRef
    },
    remove: async (image) => {
      await call(methods.removeImage, { image })
    },
    filesystems: async () => (await info(call)).imageFilesystems.map(usageOf),
    containerFilesystems: async () => (await info(call)).containerFilesystems.map(usageOf),
  }
}

interface WireInfo {
  readonly imageFilesystems: readonly WireFilesystem[]
  readonly containerFilesystems: readonly WireFilesystem[]
}

const info = (call: Call): Promise<WireInfo> => call<WireInfo>(methods.imageFsInfo, {})

const usageOf = ({ filesystem, ...usage }: WireFilesystem): FilesystemUsage => ({
  ...present(usage),
  mountpoint: filesystem?.mountpoint ?? '',
})
