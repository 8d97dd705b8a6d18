/**
 * `npm start`: from a fresh clone to a running cluster. Installs the npm packages and builds, where that is due, then
 * becomes `k8ts up` with the parameters given. Plain JavaScript, because nothing is installed when it begins.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const parameters = process.argv.slice(2)
/** Takes the locked versions. Not `npm ci`: it refuses where a registry lacks a package of some other platform. */
const installation = ['install', '--no-save', '--no-audit', '--no-fund']
const mayInstall = !parameters.includes('--no-install')
const program = join(root, 'dist', 'bundle', 'k8ts.js')
const stamp = join(root, 'dist', '.built')
/** What changes from here on is newer than the build. */
const started = Date.now()

await main()

async function main() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old, install Node 20.19 or newer`)
  }
  const missing = missingPackages()
  if (missing.length > 0) {
    if (!mayInstall) {
      fail(
        `npm packages are missing (${summary(missing)}), and --no-install forbids to install them: run npm ${installation.join(' ')} yourself`,
      )
    }
    await step(`npm packages: ${missing.length} to install (${summary(missing)})`, 'npm', installation)
  }
  if (isBuildDue()) {
    await step('Build', process.execPath, [join(root, 'tools', 'bundle.mjs')])
    writeFileSync(stamp, '')
    utimesSync(stamp, started / 1000, started / 1000)
  }
  process.argv = [process.execPath, program, 'up', ...parameters]
  void import(pathToFileURL(program).href)
}

/** Packages of the lock file that are not installed in their version. Optional ones depend on the platform. */
function missingPackages() {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  return Object.entries(wanted)
    .filter(([path, { version, optional }]) => path !== '' && !optional && installed[path]?.version !== version)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

function summary(names) {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, ...`
}

/** Whether a source is newer than the last build. */
function isBuildDue() {
  if (!existsSync(stamp) || !existsSync(program)) return true
  const built = statSync(stamp).mtimeMs
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|json)$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => join('src', file))
  return [...sources, 'package-lock.json', join('tools', 'bundle.mjs')].some(
    (file) => statSync(join(root, file)).mtimeMs > built,
  )
}

/** Runs a program, and shows now and then that it still does. */
async function step(title, program, rest) {
  const from = performance.now()
  const seconds = () => (performance.now() - from) / 1000
  console.log(title)
  const reminder = setInterval(() => console.log(`  ... ${seconds().toFixed(0)} s`), 5000)
  const child = spawn(program, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const status = await new Promise((resolve) => {
    child.on('error', (error) => fail(`${program} can't be started: ${error.message}`))
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  clearInterval(reminder)
  if (status !== 0) {
    const end = output.trim().split('\n').slice(0, 12).join('\n  ')
    fail(`${program} ${rest.join(' ')} failed with ${status}:\n  ${end}`)
  }
  console.log(`  done in ${seconds().toFixed(1)} s`)
}

function fail(message) {
  console.error(`k8ts: ${message}`)
  process.exit(1)
}
