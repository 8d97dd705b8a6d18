import { messageOf } from '#base'
import type { Device, DeviceAttribute } from '#api/resource/v1'
import { compileDeviceSelector } from '#machinery'
import type { DeviceSelectorProgram } from '#machinery'

/** Expressions that are kept compiled, at most: classes and claims mean few different ones. */
const maxPrograms = 1000

/** CEL expressions over devices, compiled once each. */
export class DeviceSelectors {
  readonly #programs = new Map<string, ReturnType<typeof compileDeviceSelector>>()

  /**
   * Whether a driver's device meets an expression.
   *
   * @param whose expression it is, as errors begin with. @throws Error when the expression can't be evaluated
   */
  matches(expression: string, driver: string, device: Device, whose: string): boolean {
    const program = this.#programFor(expression)
    if ('problems' in program) throw new Error(`${whose}: CEL compile error: compilation failed: ${program.problems}`)
    return run(program, driver, device, whose)
  }

  #programFor(expression: string): ReturnType<typeof compileDeviceSelector> {
    let program = this.#programs.get(expression)
    if (!program) {
      if (this.#programs.size >= maxPrograms) this.#programs.clear()
      this.#programs.set(expression, (program = compileDeviceSelector(expression)))
    }
    return program
  }
}

function run(program: DeviceSelectorProgram, driver: string, device: Device, whose: string): boolean {
  try {
    return program.matches(driver, device)
  } catch (error) {
    const message = messageOf(error)
    throw new Error(`${whose}: CEL runtime error: ${message}`, { cause: error })
  }
}

/** An attribute by its full name, for constraints over devices; names without a domain have that of the driver. */
export function attributeOf(device: Device, fullName: string, driver: string): DeviceAttribute | undefined {
  const { attributes = {} } = device
  const own = attributes[fullName]
  if (own !== undefined) return own
  const slash = fullName.indexOf('/')
  return fullName.slice(0, slash) === driver ? attributes[fullName.slice(slash + 1)] : undefined
}
