import { refuse } from '#platform/contract/problem.ts'
import { accountProblems as problem } from './problems.ts'

const size = 256
/** The largest phone cameras; beyond it a small file could ask for gigabytes. */
const mostPixels = 50_000_000
/** Each picture may take 200 MB for a moment. */
const atOnce = 2

/**
 * Makes an avatar of what somebody uploaded: upright, a square of 256 pixels, WebP, without what the camera
 * wrote into it; of an animation the first picture. Refuses with `not-a-picture`.
 */
export async function asAvatar(bytes: Uint8Array): Promise<Buffer> {
  // By the first bytes, not by what the client calls them: sharp would also take SVG, which can name files.
  if (!looksLikePicture(bytes)) throw refuse(problem['not-a-picture'])
  // Loading it takes 130 ms, which a start without a new avatar need not wait for.
  const { default: sharp } = await import('sharp')
  await turn()
  try {
    const image = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', pages: 1 })
    return await image
      .autoOrient()
      .resize(size, size, { fit: 'cover' })
      .webp({ quality: 82 })
      .timeout({ seconds: 15 })
      .toBuffer()
  } catch (error) {
    throw refuse(problem['not-a-picture'], { detail: whatIsWrong(error) })
  } finally {
    next()
  }
}

function whatIsWrong(error: unknown): string {
  const text = error instanceof Error ? error.message : ''
  if (text.includes('pixel limit')) return `It has more than ${mostPixels / 1_000_000} million pixels.`
  if (text.includes('timeout')) return 'It takes too long to read.'
  return 'It is damaged or cut off.'
}

function looksLikePicture(bytes: Uint8Array): boolean {
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1')
  return (
    text(0, 8) === '\x89PNG\r\n\x1a\n' ||
    text(0, 3) === '\xff\xd8\xff' ||
    /^GIF8[79]a$/.test(text(0, 6)) ||
    (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') ||
    (text(4, 8) === 'ftyp' && /avi[fs]/.test(text(8, 40)))
  )
}

let busy = 0
const waiting: (() => void)[] = []
async function turn(): Promise<void> {
  if (busy < atOnce) busy += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
}
function next(): void {
  const first = waiting.shift()
  if (first) first()
  else busy -= 1
}
