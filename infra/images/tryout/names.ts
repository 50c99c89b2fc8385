import http from 'node:http'

/** What is wrong with the names that a running image answers to, as sentences. */
export async function complaintsAboutNames(port: number, path: string, own: string): Promise<string[]> {
  const complaints: string[] = []
  for (const [host, at, status] of [
    [own, path, 200],
    ['elsewhere.example', path, 421],
    ['elsewhere.example', '/readyz', 200],
  ] as const) {
    const answered = await statusUnder(port, at, host)
    if (answered !== status) complaints.push(`${at} under the name ${host} gets ${answered} and not ${status}.`)
  }
  return complaints
}

/** What a process on this machine answers to a request for that host. */
export const statusUnder = (port: number, path: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, headers: { host, accept: 'text/html' } }
    http.get(options, (answer) => resolve(answer.resume().statusCode ?? 0)).once('error', reject)
  })
