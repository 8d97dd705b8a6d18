import { featureGates as known } from '#base'
import type { Flag } from '../flags/flag.ts'
import { nearest } from '../flags/nearest.ts'

const state: ReadonlyMap<string, boolean> = new Map(known.map(({ name, on }) => [name, on]))

/** Features are as they are in a release: a gate can be named, but not moved. */
export const featureGates: Flag<{ readonly [name: string]: boolean }> = {
  default: {},
  help: 'Features that are expected to be on or off, as they are in this release: Name=true,Other=false.',
  value: 'name=bool,...',
  parse(given, previous = {}) {
    const gates: { [name: string]: boolean } = { ...previous }
    for (const pair of given.split(',').filter((item) => item.trim() !== '')) {
      const [name = '', value, ...more] = pair.trim().split('=')
      if (value === undefined || more.length > 0) throw new Error(`missing bool value for ${name}`)
      const wanted = valueOf(name, value)
      const is = state.get(name)
      if (is === undefined) {
        const close = nearest(name, [...state.keys()])
        throw new Error(`unrecognized feature gate: ${name}${close === undefined ? '' : `, did you mean ${close}?`}`)
      }
      if (is !== wanted) {
        throw new Error(
          is
            ? `${name} is on in this release, and can't be turned off`
            : `${name} is off in this release, and can't be turned on`,
        )
      }
      gates[name] = wanted
    }
    return gates
  },
}

function valueOf(name: string, text: string): boolean {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false
  throw new Error(`invalid value of ${name}=${text}: it is neither true nor false`)
}
