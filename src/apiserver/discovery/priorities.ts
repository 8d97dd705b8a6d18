import { groupVersions } from '#api'

export interface Priority {
  readonly group: number
  readonly version: number
}

/** Place of groups that custom resources bring, as their APIServices would have it. */
const customPriority: Priority = { group: 1000, version: 100 }

const builtin = new Map<string, Priority>()
for (const data of groupVersions.values()) {
  if (data.priority) builtin.set(`${data.group}/${data.version}`, data.priority)
}

/** Where a group and version stand in discovery. */
export function priorityOf(group: string, version: string): Priority {
  return builtin.get(`${group}/${version}`) ?? customPriority
}

/**
 * Order of versions: by priority; among equals GA before beta before alpha, higher numbers first, other names last and
 * by name, as the documentation of CustomResourceDefinition versioning has it.
 */
export function compareVersions(group: string, a: string, b: string, priority: typeof priorityOf = priorityOf): number {
  const difference = priority(group, b).version - priority(group, a).version
  if (difference !== 0) return difference
  const left = parseVersion(a)
  const right = parseVersion(b)
  if (!left || !right) return left ? -1 : right ? 1 : compareText(a, b)
  return right.stage - left.stage || right.major - left.major || right.minor - left.minor
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface ParsedVersion {
  readonly stage: number
  readonly major: number
  readonly minor: number
}

function parseVersion(version: string): ParsedVersion | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version)
  if (!match) return undefined
  const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0
  return { stage, major: Number(match[1]), minor: Number(match[3] ?? 0) }
}
