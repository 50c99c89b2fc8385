import { connect } from 'node:tls'
import { serialOf } from './certificate/pem.ts'

export interface Door {
  host: string
  port: number
  /** Where to connect instead of asking DNS for the host. */
  address?: string
  timeoutMs: number
}

/** The serial of the certificate that a host serves for its own name. Rejects when it cannot be asked in time. */
export function servedSerial({ host, port, address, timeoutMs }: Door): Promise<string> {
  return new Promise((resolve, reject) => {
    // It is looked at and not trusted: nothing is sent, and a host that serves the wrong one is what we look for.
    const socket = connect({ host: address ?? host, port, servername: host, rejectUnauthorized: false })
    const limit = setTimeout(
      () => socket.destroy(new Error(`${host} did not answer within ${timeoutMs} ms.`)),
      timeoutMs,
    )
    socket.once('secureConnect', () => {
      resolve(serialOf(socket.getPeerCertificate().serialNumber))
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => {
      clearTimeout(limit)
      reject(new Error(`${host} closed the connection.`))
    })
  })
}
