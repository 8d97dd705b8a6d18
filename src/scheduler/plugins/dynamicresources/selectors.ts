import type { Device, DeviceAttribute } from '#api/resource/v1'

/**
 * Whether a device meets a CEL expression over `device`.
 *
 * @throws Error when the expression can't be evaluated.
 */
export type DeviceSelectorEvaluator = (expression: string, driver: string, device: Device) => boolean

const driverTest = /^device\.driver\s*==\s*(?:"([^"]*)"|'([^']*)')$/
const attributeTest =
  /^device\.attributes\[(?:"([^"]*)"|'([^']*)')\]\.(\w+)\s*==\s*(?:"([^"]*)"|'([^']*)'|(\d+|true|false))$/

/**
 * Evaluates comparisons of the driver and of attributes, joined by `&&`: what nearly all device classes say. Whoever has
 * an engine for all of CEL hands that in instead.
 */
export const plainDeviceSelectors: DeviceSelectorEvaluator = (expression, driver, device) =>
  expression.split('&&').every((part) => {
    const text = part.trim()
    const named = driverTest.exec(text)
    if (named) return driver === (named[1] ?? named[2])
    const compared = attributeTest.exec(text)
    if (!compared) throw new Error(`device selector ${JSON.stringify(expression)} is beyond what can be evaluated here`)
    const [, double, single, name = '', text1, text2, bare] = compared
    const domain = double ?? single ?? ''
    const value = valueOf(device, domain, name, driver)
    if (value === undefined) throw new Error(`no such key: ${name}`)
    return String(value.string ?? value.version ?? value.int ?? value.bool) === (text1 ?? text2 ?? bare)
  })

/** Attributes without a domain have that of their driver. */
function valueOf(device: Device, domain: string, name: string, driver: string): DeviceAttribute | undefined {
  const { attributes = {} } = device
  return attributes[`${domain}/${name}`] ?? (domain === driver ? attributes[name] : undefined)
}

/** An attribute by its full name, for constraints over devices. */
export function attributeOf(device: Device, fullName: string, driver: string): DeviceAttribute | undefined {
  const slash = fullName.indexOf('/')
  return valueOf(device, fullName.slice(0, slash), fullName.slice(slash + 1), driver)
}
