import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterLayout } from '#cluster'
import type { Cleanup } from '../../cleanup.ts'
import type { Endpoint } from '../../load/endpoint.ts'
import { freePort } from '../../../test/run/free-port.ts'
import { Programs } from '../../machine/programs.ts'
import type { ProgramCommand } from './program-file.ts'

/** A cluster as `k8ts up` starts it. */
export class Up {
  readonly layout: ClusterLayout
  readonly #command: ProgramCommand
  readonly #flags: readonly string[]
  readonly #cleanup: Cleanup
  #port = 0

  constructor(layout: ClusterLayout, command: ProgramCommand, flags: readonly string[], cleanup: Cleanup) {
    this.layout = layout
    this.#command = command
    this.#flags = flags
    this.#cleanup = cleanup
  }

  get port(): number {
    return this.#port
  }

  /** Takes a port that is free, and keeps it. */
  async choosePort(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort()
  }

  async start(): Promise<Programs> {
    const { name, dataDir } = this.layout
    await this.choosePort()
    const programs = new Programs(this.#cleanup)
    const command: readonly [string, ...string[]] = [
      ...this.#command,
      'up',
      `--name=${name}`,
      `--data-dir=${dataDir}`,
      `--kubeconfig=${join(dataDir, '..', 'kubeconfig')}`,
      `--port=${this.#port}`,
      '--no-install',
      ...this.#flags,
    ]
    programs.start(
      {
        name: 'k8ts',
        log: join(dataDir, '..', 'k8ts.log'),
        command,
      },
      { patienceMs: 60_000 },
    )
    return programs
  }

  /** As the administrator; the API server has to be ready. */
  async endpoint(): Promise<Endpoint> {
    const file = (name: string): Promise<string> => readFile(join(this.layout.pkiDir, name), 'utf8')
    const [certificate, key] = await Promise.all([file('admin.crt'), file('admin.key')])
    return { host: '127.0.0.1', port: this.#port, certificate, key }
  }
}
