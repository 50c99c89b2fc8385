import { DeleteCertificateCommand, ImportCertificateCommand } from '@aws-sdk/client-acm'
import type { ACMClient } from '@aws-sdk/client-acm'
import type { Material } from '../certificate/read.ts'
import { partsOf, tags } from '../names.ts'
import type { Key } from '../names.ts'
import { inTime } from './client.ts'

/** A new certificate with our three tags. Resolves to its ARN. Must not be repeated after an unknown outcome. */
export async function importNew(acm: ACMClient, cluster: string, key: Key, material: Material): Promise<string> {
  const { namespace, name } = partsOf(key)
  const Tags = [
    { Key: tags.cluster, Value: cluster },
    { Key: tags.namespace, Value: namespace },
    { Key: tags.secret, Value: name },
  ]
  const { CertificateArn } = await acm.send(new ImportCertificateCommand({ ...bodyOf(material), Tags }), inTime())
  if (!CertificateArn) throw new Error('ACM answered an import without an ARN.')
  return CertificateArn
}

/** Puts another certificate under an ARN that load balancers already have. ACM refuses tags here. */
export async function importAgain(acm: ACMClient, arn: string, material: Material): Promise<void> {
  await acm.send(new ImportCertificateCommand({ ...bodyOf(material), CertificateArn: arn }), inTime())
}

export async function remove(acm: ACMClient, arn: string): Promise<void> {
  await acm.send(new DeleteCertificateCommand({ CertificateArn: arn }), inTime())
}

const bodyOf = ({ leaf, chain, privateKey }: Material) => ({
  Certificate: Buffer.from(leaf),
  CertificateChain: Buffer.from(chain),
  PrivateKey: Buffer.from(privateKey),
})
