import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { buildImage, recipes } from '../../images/index.ts'
import { stockProgram } from '../../tools/kubectl.ts'
import { program } from './cluster.ts'
import type { E2eCluster } from './cluster.ts'
import { isAnswer, readPage } from './page.ts'
import type { PageSection, PageStep } from './page.ts'

const examples = fileURLToPath(new URL('../../../examples', import.meta.url))

/** Milliseconds until what is asked for must be as the page says. */
const patience = 60_000
/** Commands that ask, and may ask again until the answer is the one shown. */
const asks = /^(?:kubectl (?:get|logs|describe|exec (?!.*kill))|curl )/

/** The sections of an example's page. */
export async function examplePage(example: string): Promise<PageSection[]> {
  return readPage(await readFile(join(examples, example, 'README.md'), 'utf8'))
}

/** Types what a page says, in a copy of its folder that also holds `busybox.tar` and `nginx.tar`. */
export class Typist {
  readonly #cluster: E2eCluster
  readonly #folder: string
  readonly #path: string
  /** Variables that were set. */
  #set = ''

  private constructor(cluster: E2eCluster, folder: string, path: string) {
    this.#cluster = cluster
    this.#folder = folder
    this.#path = path
  }

  static async at(cluster: E2eCluster, example: string): Promise<Typist> {
    const folder = join(cluster.machine.folder, example)
    await cp(join(examples, example), folder, { recursive: true })
    const programs = join(cluster.machine.folder, 'programs')
    await mkdir(programs, { recursive: true })
    for (const name of ['kubectl', 'helm'] as const) await symlink(await stockProgram(name), join(programs, name))
    const flags = `--name ${cluster.name} --data-dir ${cluster.dataDir}`
    await writeFile(join(programs, 'k8ts'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@" ${flags}\n`)
    await chmod(join(programs, 'k8ts'), 0o755)
    for (const name of ['busybox', 'nginx'] as const) {
      await symlink(await buildImage(recipes[name]), join(folder, `${name}.tar`))
    }
    return new Typist(cluster, folder, `${programs}:${process.env['PATH'] ?? ''}`)
  }

  /** @throws Error when a command fails or does not answer what the page says. */
  async type({ command, answer }: PageStep): Promise<void> {
    const { name, dataDir } = this.#cluster
    const here = (text: string): string =>
      text.replaceAll('/var/lib/k8ts/k8ts/', `${dataDir}/`).replaceAll('k8ts-1', `${name}-1`)
    const [, variable] = /^(\w+)=/.exec(command) ?? []
    if (variable !== undefined) {
      const { out } = await this.run(`${here(command)}; printf %s "$${variable}"`)
      this.#set += `${variable}='${out}'\n`
      return
    }
    const deadline = performance.now() + patience
    for (;;) {
      const { code, out } = await this.run(here(command))
      if (code === 0 && isAnswer(out, answer.map(here))) return
      if (!asks.test(command) || performance.now() > deadline) {
        throw new Error(`${command}\nshould answer\n${answer.join('\n')}\nbut ended with ${code} and\n${out}`)
      }
      await pause(200)
    }
  }

  /** Runs a command as the page would; what it prints is one text. */
  run(command: string): Promise<{ readonly code: number; readonly out: string }> {
    const words = ['sh', '-c', `cd '${this.#folder}'; exec 2>&1; ${this.#set}${command}`]
    const environment = { PATH: this.#path, KUBECONFIG: this.#cluster.kubeconfig }
    return this.#cluster.machine.run(words, { environment, timeoutMs: 120_000 })
  }
}
