// Just enough of DER (X.690) to find one extension: Node's X509Certificate shows the extended key usages only, and ACM
// compares the plain ones too when a certificate is imported again.

interface Element {
  tag: number
  value: Buffer
}

/** The elements inside a constructed value. Throws RangeError when the lengths do not fit. */
export function elementsIn(der: Buffer): Element[] {
  const found: Element[] = []
  let at = 0
  while (at < der.length) {
    const tag = der.readUInt8(at)
    let length = der.readUInt8(at + 1)
    let start = at + 2
    if (length & 0x80) {
      const bytes = length & 0x7f
      length = der.readUIntBE(start, bytes)
      start += bytes
    }
    if (start + length > der.length) throw new RangeError('A DER element is longer than what holds it.')
    found.push({ tag, value: der.subarray(start, start + length) })
    at = start + length
  }
  return found
}

const extensionsTag = 0xa3
const octetString = 0x04

/** The contents of one extension of a certificate, or undefined; the id is the bytes of its object identifier. */
export function extensionOf(certificate: Buffer, id: Buffer): Buffer | undefined {
  const [whole] = elementsIn(certificate)
  const [signed] = elementsIn(whole!.value)
  const extensions = elementsIn(signed!.value).find(({ tag }) => tag === extensionsTag)
  if (!extensions) return undefined
  for (const extension of elementsIn(elementsIn(extensions.value)[0]!.value)) {
    const parts = elementsIn(extension.value)
    if (parts[0]!.value.equals(id)) return parts.find(({ tag }) => tag === octetString)?.value
  }
  return undefined
}
