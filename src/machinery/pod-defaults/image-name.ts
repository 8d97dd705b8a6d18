/** What an image reference says besides the repository. */
export interface ImageVersion {
  readonly tag: string
  readonly digest: string
}

const component = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const host = `(?:${component}(?:\\.${component})*|\\[[a-fA-F0-9:]+\\])`
const pathComponent = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const digestText = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const reference = new RegExp(
  `^((?:${host}(?::[0-9]+)?/)?${pathComponent}(?:/${pathComponent})*)(?::(\\w[\\w.-]{0,127}))?(?:@(${digestText}))?$`,
)
const identifier = /^[a-f0-9]{64}$/
const digestLengths: { readonly [algorithm: string]: number } = { sha256: 64, sha384: 96, sha512: 128 }
const longestRepository = 255

/** Reads an image reference as container tools do; `undefined` when it is none. Without tag and digest it is `latest`. */
export function parseImageName(image: string): ImageVersion | undefined {
  if (identifier.test(image)) return undefined
  const [domain, remainder] = splitDomain(image)
  const name = remainder.split(':', 1)[0] ?? ''
  if (name.toLowerCase() !== name) return undefined
  const match = reference.exec(`${domain}/${remainder}`)
  if (!match) return undefined
  const [, repository = '', tag = '', digest = ''] = match
  if (repository.length - domain.length - 1 > longestRepository) return undefined
  if (digest !== '' && !isDigest(digest)) return undefined
  return { tag: tag === '' && digest === '' ? 'latest' : tag, digest }
}

function splitDomain(image: string): readonly [domain: string, remainder: string] {
  const slash = image.indexOf('/')
  const first = image.slice(0, Math.max(slash, 0))
  const named = slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  const domain = named ? first : 'docker.io'
  const remainder = named ? image.slice(slash + 1) : image
  if (domain !== 'docker.io' && domain !== 'index.docker.io') return [domain, remainder]
  return ['docker.io', remainder.includes('/') ? remainder : `library/${remainder}`]
}

function isDigest(digest: string): boolean {
  const [algorithm = '', hex = ''] = digest.split(':')
  return digestLengths[algorithm] === hex.length && /^[a-f0-9]+$/.test(hex)
}
