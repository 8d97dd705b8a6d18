import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../run/eventually.ts'
import { E2eCluster, program } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { Machine } from './support/machine.ts'

describeOnMachine('k8ts up refuses', () => {
  let machine: Machine
  let count = 0

  beforeAll(async () => {
    machine = await Machine.create()
    await chmod(machine.folder, 0o755)
  })
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
  })

  interface Place {
    readonly name: string
    readonly data: string
    readonly flags: readonly string[]
  }

  const place = (): Place => {
    const name = `no-${process.pid % 10_000}-${count++}`
    const data = join(machine.folder, name)
    return { name, data, flags: ['--name', name, '--data-dir', data, '--kubeconfig', join(machine.folder, 'config')] }
  }
  const up = (flags: readonly string[]): string[] => [process.execPath, program, 'up', ...flags]
  const simulated = ['--runtime', 'simulated', '--port', '0']

  /** Runs what must be refused with one sentence and without a trace. */
  async function refused(words: readonly string[], { name, data }: Place): Promise<string> {
    const isNew = !existsSync(data)
    const { code, out, err } = await machine.run(words)
    expect({ code, out }).toEqual({ code: 1, out: expect.not.stringContaining('is up') })
    expect(err).toMatch(/^k8ts: .+\n$/)
    if (isNew && existsSync(data)) expect(await readdir(data)).toEqual([])
    expect(existsSync(`/run/k8ts/${name}`)).toBe(false)
    return err.slice('k8ts: '.length, -1)
  }

  test('who is not root', async () => {
    const here = place()
    // May read what others have: the program may lie in a home folder.
    const read = '--inh-caps=+dac_read_search --ambient-caps=+dac_read_search'
    const nobody = `setpriv --reuid=65534 --regid=65534 --clear-groups ${read}`.split(' ')
    const home = join(machine.folder, 'nobody')
    await mkdir(home, { mode: 0o777 })
    await chmod(home, 0o777)
    const words = [...nobody, 'env', `HOME=${home}`, ...up(here.flags)]
    expect(await refused(words, here)).toBe(
      'containers and networks need root: start as root (sudo), or with --runtime simulated, which does without',
    )
  })

  test('a kernel that is too old', async () => {
    const here = place()
    expect(await refused(['setarch', '--uname-2.6', ...up(here.flags)], here)).toMatch(
      /^kernel 2\.6\.\S+ is not supported: use Linux 4\.19 or newer, or start with --runtime simulated$/,
    )
  })

  test('a machine without containerd, when nothing may be installed', async () => {
    const here = place()
    const hide =
      'mkdir -p $1/up $1/work && for d in /usr/bin /usr/local/bin; do ' +
      'mount -t overlay -o lowerdir=$d,upperdir=$1/up,workdir=$1/work overlay $d && rm -f $d/containerd && ' +
      'if [ -e $d/containerd ]; then exit 9; fi; break; done; shift; exec "$@"'
    // An upper folder of its own file system: that of the machine may be an overlay itself.
    const scratch = join(machine.folder, 'hidden')
    await mkdir(scratch)
    const words = ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none $1; ${hide}`, 'sh', scratch]
    expect(await refused([...words, ...up([...here.flags, '--no-install'])], here)).toBe(
      'system packages are missing (containerd), and --no-install forbids to install them: ' +
        'run apt-get install containerd, or start with --runtime simulated',
    )
  })

  test('a port that is taken', async () => {
    const here = place()
    const listen = "require('net').createServer().listen(17443, '127.0.0.1', () => console.log('on'))"
    const child = machine.spawn([process.execPath, '-e', listen])
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    try {
      expect(await refused(up([...here.flags, '--port', '17443']), here)).toBe(
        `port 17443 is taken by node (process ${child.pid}): stop that, or choose another with --port`,
      )
    } finally {
      child.kill()
    }
  })

  test('a disk that is full', async () => {
    const here = place()
    await mkdir(here.data)
    const words = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=8m none $1; shift; exec "$@"', 'sh']
    const message = `the disk of ${here.data} is full (8 MB are free): make room, or take another folder with --data-dir`
    expect(await refused([...words, here.data, ...up([...here.flags, ...simulated])], here)).toBe(message)
    expect(await refused([...words, here.data, ...up(here.flags)], here)).toBe(message)
  })

  test('no cluster that is there on a disk with little room, since it takes a cluster to make some', async () => {
    const here = place()
    await mkdir(here.data)
    const script = `
      mount -t tmpfs -o size=110m none $1 && cd $1 && shift
      start() {
        : >out
        "$@" >out 2>&1 & pid=$!
        while kill -0 $pid && ! grep -q 'is up:' out; do sleep 0.1; done
        kill -TERM $pid; wait $pid
        grep -o -e 'is up' -e '^k8ts: .*' out
      }
      start "$@"; head -c 60M /dev/zero >fill; start "$@"`
    const words = ['unshare', '--mount', 'sh', '-c', script, 'sh', here.data, ...up([...here.flags, ...simulated])]
    expect(await machine.run(words)).toMatchObject({ code: 0, out: 'is up\nis up\n' })
  })

  test('a folder that can only be read', async () => {
    const here = place()
    await mkdir(here.data)
    const words = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o ro none $1; shift; exec "$@"', 'sh']
    expect(await refused([...words, here.data, ...up([...here.flags, ...simulated])], here)).toBe(
      `${here.data} lies on a file system that is read-only: take another folder with --data-dir`,
    )
  })

  test('a name whose cluster runs', async () => {
    await using cluster = await E2eCluster.start({ machine, flags: simulated })
    const { name, dataDir: data } = cluster
    const { code, err } = await machine.run(up(['--name', name, '--data-dir', data, ...simulated]))
    expect({ code, err }).toEqual({
      code: 1,
      err:
        `k8ts: cluster ${name} runs already (process ${cluster.serverPid}): stop it with k8ts down --name ${name}, ` +
        'or start another with --name\n',
    })
    expect(await cluster.kubectl('get nodes -o name')).toBe(`node/${name}-1\n`)
  })

  test.each([
    [
      'store/data.mdb',
      (data: string) =>
        `the store in "${data}/store" is corrupt: its data file does not begin as one; restore it from a backup, or begin anew (k8ts down --delete)`,
    ],
    [
      'cluster.json',
      (data: string) =>
        `settings in ${data}/cluster.json can't be read (they are no JSON): put them right, or remove the file to have the defaults`,
    ],
    [
      'pki/ca.key',
      (data: string) =>
        `certificates in ${data}/pki can't be used (read key of authority ${data}/pki/ca: it is no private key in PEM): restore them from a backup, or begin anew (k8ts down --delete)`,
    ],
  ])('data whose %s is damaged, until they are deleted', async (file, message) => {
    await using cluster = await E2eCluster.start({ machine, flags: simulated })
    const { name, dataDir: data } = cluster
    await cluster.end('SIGINT')
    const path = join(data, file)
    await writeFile(path, Buffer.alloc((await stat(path)).size, 'garbage '))
    const flags = ['--name', name, '--data-dir', data, '--kubeconfig', cluster.kubeconfig]
    expect(await refused(up([...flags, ...simulated]), { name, data, flags })).toBe(message(data))
    await cluster.k8ts(['down', '--delete'])
    await cluster.up()
    await eventually(() => cluster.kubectl('get nodes'))
  })
})
