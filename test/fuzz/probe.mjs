// Loaded into the server by `--import`: tells how much memory is in use once garbage is collected.
process.on('message', () => {
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  process.send(heapUsed + external)
})
process.channel?.unref()
// Whoever started it is gone.
process.on('disconnect', () => process.exit(1))
