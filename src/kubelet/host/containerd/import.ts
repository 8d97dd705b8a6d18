import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContainerRuntime } from '#kubelet'
import { sandboxImageArchive, sandboxImageName } from '../images/sandbox-image.ts'

/**
 * Imports an image archive (OCI layout or `docker save`) into a containerd, for its CRI.
 *
 * @throws Error with the tool's output.
 */
export async function importImage(socket: string, archive: string, snapshotter: string): Promise<void> {
  const verb = ['-n', 'k8s.io', 'images', 'import', '--snapshotter', snapshotter, archive]
  await run('ctr', ['--address', socket, ...verb])
}

/** Makes the sandbox image and imports it, unless the runtime has it. */
export async function ensureSandboxImage(
  runtime: ContainerRuntime,
  socket: string,
  snapshotter: string,
): Promise<void> {
  if (await runtime.images.status({ image: sandboxImageName })) return
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-pause-'))
  try {
    const archive = join(folder, 'pause.tar')
    await writeFile(archive, sandboxImageArchive())
    await importImage(socket, archive, snapshotter)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(program: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`run ${program}: it exited with ${code}: ${output.trim()}`))
    })
  })
}
