import { createConnection } from 'node:net'

/** Commands that go in one line: HAProxy reads at most 16 KiB. */
const perLine = 60

/** Milliseconds in which it answers, unless it never will. */
const patienceMs = 10_000

/**
 * Gives commands to a running HAProxy.
 *
 * @returns what it has to say.
 * @throws Error when nobody listens, or answers.
 */
export async function command(socket: string, commands: readonly string[]): Promise<string> {
  let answers = ''
  for (let start = 0; start < commands.length; start += perLine) {
    answers += await exchange(socket, `${commands.slice(start, start + perLine).join(';')}\n`)
  }
  return answers
}

function exchange(path: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = createConnection(path)
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => (answer += text))
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer in ${patienceMs} ms`)))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(line)
  })
}
