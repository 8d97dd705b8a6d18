import { timeOfMillis } from '../time/time.ts'
import type { ZPage } from './page.ts'

export interface StatuszOptions {
  /** Milliseconds since 1970. */
  readonly started: number
  /** `v1.36.2` */
  readonly version: string
  /** First segments of the paths that the component answers. */
  readonly paths: readonly string[]
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const goVersion = 'none'

/** `/statusz`: since when a component runs, and what it is (KEP-4827). */
export function statuszPage({ started, version, paths }: StatuszOptions): ZPage {
  const binaryVersion = version.replace(/^v/, '')
  const emulationVersion = binaryVersion.split('.', 2).join('.')
  const secondsUp = (now: number): number => Math.floor((now - started) / 1000)
  return {
    name: 'statusz',
    kind: 'Statusz',
    lines(now) {
      const up = secondsUp(now)
      const twoDigits = (count: number): string => String(count).padStart(2, '0')
      return [
        '',
        `Started: ${unixDate(new Date(started))}`,
        `Up: ${Math.floor(up / 3600)} hr ${twoDigits(Math.floor(up / 60) % 60)} min ${twoDigits(up % 60)} sec`,
        `Go version: ${goVersion}`,
        `Binary version: ${binaryVersion}`,
        `Emulation version: ${emulationVersion}`,
        `Paths: ${paths.join(' ')}`,
      ]
    },
    fields: (now) => ({
      startTime: timeOfMillis(started),
      uptimeSeconds: secondsUp(now),
      goVersion,
      binaryVersion,
      emulationVersion,
      paths,
    }),
  }
}

/** `Sat Nov 21 20:35:15 UTC 2026` */
function unixDate(date: Date): string {
  const day = `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`
  return `${day} ${date.toISOString().slice(11, 19)} UTC ${date.getUTCFullYear()}`
}
