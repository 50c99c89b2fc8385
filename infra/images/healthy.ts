// What a container's health check runs; there is no curl in the image: node infra/images/healthy.ts [path]
// Ends with 0 when this container's own server answers 200 within two seconds.
const port = process.env['PORT'] ?? '8080'
const address = `http://127.0.0.1:${port}${process.argv[2] ?? '/readyz'}`
// What is printed, `docker inspect` shows.
try {
  const answer = await fetch(address, { signal: AbortSignal.timeout(2_000) })
  process.stdout.write(`${address}: ${answer.status} ${await answer.text()}\n`)
  process.exitCode = answer.ok ? 0 : 1
} catch (error) {
  process.stdout.write(`${address}: ${String(error)}\n`)
  process.exitCode = 1
}
