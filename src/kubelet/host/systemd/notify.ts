import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Tells the service manager something of this process (sd_notify): `READY=1`. Its sockets take datagrams, which Node has
 * not for paths, so its own program sends them, in the name of whoever has started it.
 *
 * @returns whether there is a service manager that listens.
 * @throws Error when it could not be told.
 */
export async function notifyServiceManager(state: string): Promise<boolean> {
  if ((process.env['NOTIFY_SOCKET'] ?? '') === '') return false
  await run('systemd-notify', [state], { timeout: 10_000 })
  return true
}
