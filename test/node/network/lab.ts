import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '#network'
import { Agent } from './agent.ts'

/** One network namespace of the lab. */
export interface Place {
  readonly name: string
  /** File that keeps the namespace. */
  readonly namespace: string
  readonly address: string
  readonly address6: string
  readonly agent: Agent
}

export interface NodePlace extends Place {
  readonly podCIDR: string
}

/** Why the lab can't be built here; `undefined` when it can. */
export async function labMissing(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'needs root'
  try {
    await runCommand(['unshare', '--net', 'nft', 'list', 'tables'])
    await runCommand(['unshare', '--net', 'ip', 'link', 'add', 'name', 'x0', 'type', 'veth', 'peer', 'name', 'x1'])
    return undefined
  } catch (error) {
    return String(error)
  }
}

/**
 * Nodes, pods and others, each in a network namespace, wired as a cluster is: nodes and others on one segment
 * (192.168.77.0/24, fd77::/64), pods behind their node (10.244.N.0/24, fd44:N::/64), each by a link of its own. Nothing of
 * it touches the namespace the tests run in.
 */
export class Lab {
  readonly #root = mkdtempSync(join(tmpdir(), 'k8ts-lab-'))
  readonly #places: Place[] = []
  readonly #switch: string
  readonly #segments = new Set<number>()
  readonly #wired = new Set<string>()
  #hosts = 0
  #pods = 0

  private constructor() {
    this.#switch = join(this.#root, 'switch')
  }

  static async create(): Promise<Lab> {
    const lab = new Lab()
    await lab.#namespace(lab.#switch)
    return lab
  }

  /** A machine on a segment: 192.168.N.0/24, fdN::/64. */
  async host(name: string, segment = 77): Promise<Place> {
    const number = ++this.#hosts
    const place = await this.#place(name, `192.168.${segment}.${number}`, `fd${segment}::${number}`)
    await this.#plug(place, number, segment)
    return place
  }

  /** Gives a machine an address on one more segment. */
  async plug(place: Place, segment: number): Promise<string> {
    const number = ++this.#hosts
    const address = `192.168.${segment}.${number}`
    await this.#plug({ ...place, address, address6: `fd${segment}::${number}` }, number, segment)
    return address
  }

  async #plug(place: Place, number: number, segment: number): Promise<void> {
    const bridge = `br${segment}`
    const device = !this.#wired.has(place.namespace) ? 'eth0' : `eth${segment}`
    this.#wired.add(place.namespace)
    if (!this.#segments.has(segment))
      await this.#ip(this.#switch, [`link add ${bridge} type bridge`, `link set ${bridge} up`])
    this.#segments.add(segment)
    // Addresses count at once: routers would not ask for neighbours in the first seconds.
    const settled = 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
    await runCommand(['nsenter', `--net=${place.namespace}`, 'sh', '-c', settled])
    await this.#ip(this.#switch, [
      `link add h${number} type veth peer name ${device} netns ${place.namespace}`,
      `link set h${number} master ${bridge} up`,
    ])
    await this.#ip(place.namespace, [
      'link set lo up',
      `link set ${device} up`,
      `addr add ${place.address}/24 dev ${device}`,
      `addr add ${place.address6}/64 dev ${device} nodad`,
    ])
  }

  /** A machine that forwards for the pods behind it; every other machine of the lab finds them by it. */
  async node(name: string): Promise<NodePlace> {
    const place = await this.host(name)
    const number = this.#hosts
    // Redirects count against the same limit as refusals do.
    const sysctl = [
      'echo 1 >/proc/sys/net/ipv4/ip_forward',
      'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
      'for file in /proc/sys/net/ipv4/conf/*/send_redirects; do echo 0 >$file; done',
    ].join('; ')
    await runCommand(['nsenter', `--net=${place.namespace}`, 'sh', '-c', sysctl])
    // Whatever has no route of its own goes to a machine that is not there, and is lost.
    await this.#ip(place.namespace, [
      'neigh add 192.168.77.254 lladdr 02:00:00:00:00:01 dev eth0',
      'route add default via 192.168.77.254',
      'neigh add fd77::fe lladdr 02:00:00:00:00:01 dev eth0',
      'route add ::/0 via fd77::fe',
    ])
    const node = { ...place, podCIDR: `10.244.${number}.0/24` }
    for (const other of this.#places) {
      if (other.name === name || other.namespace === this.#switch || !other.address.startsWith('192.')) continue
      await this.#ip(other.namespace, [
        `route add ${node.podCIDR} via ${node.address}`,
        `route add fd44:${number}::/64 via ${node.address6}`,
      ])
      const theirs = (other as Partial<NodePlace>).podCIDR
      if (theirs === undefined) continue
      const otherNumber = theirs.split('.')[2]
      await this.#ip(node.namespace, [
        `route add ${theirs} via ${other.address}`,
        `route add fd44:${otherNumber}::/64 via ${other.address6}`,
      ])
    }
    this.#places[this.#places.indexOf(place)] = node
    return node
  }

  /** A pod of the node. */
  async pod(node: NodePlace, name: string): Promise<Place> {
    const number = ++this.#pods + 1
    const net = node.podCIDR.split('.')[2]
    const pod = await this.#place(name, `10.244.${net}.${number}`, `fd44:${net}::${number}`)
    await this.#ip(node.namespace, [
      `link add p${number} type veth peer name eth0 netns ${pod.namespace}`,
      `link set p${number} up`,
      `addr add 10.244.${net}.1/32 dev p${number}`,
      `route add ${pod.address}/32 dev p${number}`,
      `addr add fd44:${net}::1/128 dev p${number} nodad`,
      `route add ${pod.address6}/128 dev p${number}`,
    ])
    await this.#ip(pod.namespace, [
      'link set lo up',
      'link set eth0 up',
      `addr add ${pod.address}/32 dev eth0`,
      `route add 10.244.${net}.1 dev eth0`,
      `route add default via 10.244.${net}.1`,
      `addr add ${pod.address6}/128 dev eth0 nodad`,
      `route add fd44:${net}::1 dev eth0`,
      `route add ::/0 via fd44:${net}::1`,
    ])
    return pod
  }

  /** Runs a command inside a place. */
  run(place: Place, words: readonly string[]): Promise<string> {
    return runCommand(['nsenter', `--net=${place.namespace}`, ...words])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#places.map((place) => place.agent[Symbol.asyncDispose]()))
    for (const { namespace } of [...this.#places, { namespace: this.#switch }]) await runCommand(['umount', namespace])
    rmSync(this.#root, { recursive: true })
  }

  async #place(name: string, address: string, address6: string): Promise<Place> {
    const namespace = join(this.#root, name)
    await this.#namespace(namespace)
    const place = { name, namespace, address, address6, agent: new Agent(namespace) }
    this.#places.push(place)
    return place
  }

  async #namespace(path: string): Promise<void> {
    writeFileSync(path, '')
    await runCommand(['unshare', `--net=${path}`, 'true'])
  }

  async #ip(namespace: string, commands: readonly string[]): Promise<void> {
    await runCommand(['nsenter', `--net=${namespace}`, 'ip', '-batch', '-'], { input: `${commands.join('\n')}\n` })
  }
}
