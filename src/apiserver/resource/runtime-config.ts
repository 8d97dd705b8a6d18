import { apiVersionOf, groupVersions } from '#api'

/** Says of a built-in resource whether it is served. @param byDefault whether it is if nobody says anything. */
export type ServedResources = (group: string, version: string, plural: string, byDefault: boolean) => boolean

/** Keys that stand for many versions, in the order in which they count. */
const families: { readonly [key: string]: RegExp } = {
  'api/all': /^/,
  'api/ga': /^v\d+$/,
  'api/beta': /^v\d+beta\d+$/,
  'api/alpha': /^v\d+alpha\d+$/,
}

/** What the server itself works with, and can't do without. */
const needed = new Set([
  'v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'coordination.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'networking.k8s.io/v1',
  'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1',
])

/** Built-in group versions by what they are called: `v1`, `apps/v1`. */
const byPlace = new Map([...groupVersions.values()].map((data) => [apiVersionOf(data), data]))

/**
 * Reads what `--runtime-config` says: `v1`, `group/version`, `group/version/resource`, `api/all`, `api/ga`, `api/beta`,
 * `api/alpha`, each on or off. What is more special goes before what is more general.
 *
 * @throws Error when a key or value is none, or turns off what the server itself needs
 */
export function readRuntimeConfig(overrides: { readonly [key: string]: string }): ServedResources {
  const wanted = new Map<string, boolean>()
  for (const [key, text] of Object.entries(overrides)) {
    const name = key === 'api/v1' ? 'v1' : key
    wanted.set(name, valueOf(key, text))
    if (Object.hasOwn(families, name)) continue
    checkKnown(name)
  }
  const served: ServedResources = (group, version, plural, byDefault) => {
    const place = apiVersionOf({ group, version })
    const special = wanted.get(`${place}/${plural}`) ?? wanted.get(place)
    if (special !== undefined) return special
    const general = Object.keys(families).filter((key) => wanted.has(key) && families[key]?.test(version))
    return wanted.get(general.at(-1) ?? '') ?? byDefault
  }
  for (const place of needed) {
    const { group = '', version = '', resources = {} } = byPlace.get(place) ?? {}
    for (const [plural, { enabledByDefault }] of Object.entries(resources)) {
      if (enabledByDefault !== false && !served(group, version, plural, true)) {
        throw new Error(`${place}/${plural} can't be turned off: the server itself works with it`)
      }
    }
  }
  return served
}

function valueOf(key: string, text: string): boolean {
  if (text === '' || /^(?:1|t|T|TRUE|true|True)$/.test(text)) return true
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false
  throw new Error(`invalid value ${key}=${text}`)
}

/** @param key `v1`, `apps/v1`, `apps/v1/deployments`, `v1/pods` */
function checkKnown(key: string): void {
  const place = [...byPlace.keys()].find((one) => key === one || key.startsWith(`${one}/`))
  if (place === undefined) throw new Error(`unknown api groups ${key}`)
  const plural = key.slice(place.length + 1)
  if (plural === '') return
  if (!Object.hasOwn(byPlace.get(place)?.resources ?? {}, plural)) throw new Error(`${place} has no resource ${plural}`)
}
