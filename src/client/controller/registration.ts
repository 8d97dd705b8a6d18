import { apiVersionOf } from '#api'
import type { ControllerDescriptor, Output } from './controller.ts'

/**
 * Refuses a registry that can't be right: a name or alias given twice, or an output that one controller has to itself and
 * another writes as well.
 *
 * @throws Error that lists everything that is wrong.
 */
export function checkControllers<O>(descriptors: readonly ControllerDescriptor<O>[]): void {
  const problems = [...nameProblems(descriptors), ...outputProblems(descriptors)]
  if (problems.length > 0) throw new Error(`controllers do not fit together: ${problems.join('; ')}`)
}

function nameProblems<O>(descriptors: readonly ControllerDescriptor<O>[]): string[] {
  const problems: string[] = []
  const owners = new Map<string, string>()
  for (const { name, aliases = [] } of descriptors) {
    for (const each of [name, ...aliases]) {
      const owner = owners.get(each)
      if (owner !== undefined) problems.push(`"${each}" names both ${owner} and ${name}`)
      owners.set(each, name)
    }
  }
  return problems
}

function outputProblems<O>(descriptors: readonly ControllerDescriptor<O>[]): string[] {
  const problems: string[] = []
  const writers = new Map<string, { readonly name: string; readonly ownership: Output['ownership'] }>()
  for (const { name, outputs = [] } of descriptors) {
    for (const output of outputs) {
      const what = outputName(output)
      const other = writers.get(what)
      if (other && (other.ownership === 'exclusive' || output.ownership === 'exclusive')) {
        const owner = other.ownership === 'exclusive' ? other.name : name
        const intruder = other.ownership === 'exclusive' ? name : other.name
        problems.push(`${what} is written by ${owner} alone, but also by ${intruder}`)
      }
      if (other?.ownership !== 'exclusive') writers.set(what, { name, ownership: output.ownership })
    }
  }
  return problems
}

/** `apps/v1 deployments/status`. */
function outputName({ resource, subresource }: Output): string {
  const name = `${apiVersionOf(resource)} ${resource.plural}`
  return subresource === undefined ? name : `${name}/${subresource}`
}

/**
 * The controllers that a selection means: `*` for those that are on by default, `name` for one more, `-name` for one
 * less. The first mention of a name counts.
 *
 * @throws Error for a name that no controller has.
 */
export function selectControllers<O>(
  descriptors: readonly ControllerDescriptor<O>[],
  selection: readonly string[],
): ControllerDescriptor<O>[] {
  const names = new Map<string, string>()
  for (const { name, aliases = [] } of descriptors) for (const each of [name, ...aliases]) names.set(each, name)
  const choices = new Map<string, boolean>()
  let others = false
  for (const choice of selection) {
    if (choice === '*') {
      others = true
      continue
    }
    const off = choice.startsWith('-')
    const name = names.get(off ? choice.slice(1) : choice)
    if (name === undefined) throw new Error(`"${choice}" is not in the list of known controllers`)
    if (!choices.has(name)) choices.set(name, !off)
  }
  return descriptors.filter(({ name, defaultOn = true }) => choices.get(name) ?? (others && defaultOn))
}
