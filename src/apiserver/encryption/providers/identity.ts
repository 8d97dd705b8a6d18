import { encodeText } from '#machinery'
import { startsWith } from '../prefixes.ts'
import type { Transformer } from '../transformer.ts'

const sealedPrefix = encodeText('k8s:enc:')

/** Values as they are; those that somebody sealed are none. */
export const identity: Transformer = {
  open(sealed) {
    if (startsWith(sealed, sealedPrefix)) throw new Error('identity transformer tried to read encrypted data')
    return { plain: sealed, stale: false }
  },
  seal: (plain) => plain,
}
