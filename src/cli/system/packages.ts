import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { missingRequirements, nodeRequirements, step, UserError } from '#cluster'
import type { Progress, Requirement } from '#cluster'

/** The packages that bring what is missing, each with its reason. */
function packagesFor(missing: readonly Requirement[]): { readonly name: string; readonly why: string }[] {
  const reasons = new Map<string, string>()
  for (const { debianPackage, why } of missing) {
    if (!reasons.has(debianPackage)) reasons.set(debianPackage, why)
  }
  return [...reasons].map(([name, why]) => ({ name, why }))
}

export interface InstallOptions {
  readonly mayInstall: boolean
  /** Hears what is about to happen, line by line. */
  readonly say: (line: string) => void
  readonly progress: Progress
  /** What is needed; what nodes with real containers need when absent. */
  readonly requirements?: readonly Requirement[]
  /** What comes along when something has to be installed anyway, and may fail to. */
  readonly extras?: readonly Requirement[]
  /** What can be done without it, for messages. */
  readonly otherwise?: string
}

/**
 * Installs the system packages that are needed and that this machine lacks.
 *
 * @throws UserError when that is forbidden or fails.
 */
export async function ensureSystemPackages({
  mayInstall,
  say,
  progress,
  requirements = nodeRequirements,
  extras = [],
  otherwise = 'start with --runtime simulated',
}: InstallOptions): Promise<void> {
  const packages = packagesFor(missingRequirements(requirements))
  if (packages.length === 0) return
  const names = packages.map(({ name }) => name).join(' ')
  if (!mayInstall) {
    throw new UserError(
      `system packages are missing (${names}), and --no-install forbids to install them: ` +
        `run apt-get install ${names}, or ${otherwise}`,
    )
  }
  if (!existsSync('/usr/bin/apt-get')) {
    const wanted = packages.map(({ name, why }) => `${name} (${why})`).join(', ')
    throw new UserError(
      `this system has no apt-get to install what is missing: install ${wanted} with its own package manager, ` +
        `or ${otherwise}`,
    )
  }
  const along = packagesFor(missingRequirements(extras))
  say('Installing system packages that are missing:')
  for (const { name, why } of [...packages, ...along]) say(`  ${name.padEnd(28)} ${why}`)
  const nameOf = ({ name }: { readonly name: string }): string => name
  await step(progress, 'system packages', () => install(packages.map(nameOf), along.map(nameOf)))
  const left = packagesFor(missingRequirements(requirements))
  if (left.length > 0) {
    throw new UserError(
      `the packages ${left.map(({ name }) => name).join(' ')} did not bring what they should: reinstall them`,
    )
  }
}

async function install(names: readonly string[], extras: readonly string[]): Promise<void> {
  const quiet = ['-y', '-q', '-o', 'Dpkg::Options::=--force-confold', '--no-install-recommends']
  await withoutServices(async () => {
    const all = [...names, ...extras]
    if ((await run('apt-get', ['install', ...quiet, ...all])).code === 0) return
    // The lists of packages may be missing or old.
    await run('apt-get', ['update', '-q'])
    if ((await run('apt-get', ['install', ...quiet, ...all])).code === 0) return
    // Or know nothing of an extra one.
    const { code, output } = await run('apt-get', ['install', ...quiet, ...names])
    if (code === 0) return
    const end = output.trim().split('\n').slice(-3).join('; ')
    throw new UserError(`apt-get install ${names.join(' ')} failed (${end}): install them yourself and start again`)
  })
}

const policyFile = '/usr/sbin/policy-rc.d'
const policy = '#!/bin/sh\n# k8ts: no service starts while packages are installed\nexit 101\n'

/** Nodes run their own containerd, so that of the distribution has no cause to start. */
async function withoutServices(task: () => Promise<void>): Promise<void> {
  const foreign = existsSync(policyFile) && readFileSync(policyFile, 'utf8') !== policy
  if (!foreign) await writeFile(policyFile, policy, { mode: 0o755 })
  try {
    await task()
  } finally {
    if (!foreign) await rm(policyFile, { force: true })
  }
}

function run(
  program: string,
  parameters: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'], env: environment })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
