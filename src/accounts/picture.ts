import { type Asker, FairQueue } from '#platform/http/fair-queue.ts'
import { refuse } from '#platform/contract/problem.ts'
import { accountProblems as problem } from './problems.ts'

const size = 256
/** The largest phone cameras; beyond it a small file could ask for gigabytes. */
const mostPixels = 50_000_000
/**
 * Where all of it must be in memory at once: 4 to 6 bytes for each pixel of progressive JPEG, interlaced PNG and GIF, 9 of
 * 16 bits, 18 of AVIF; half as many of the last two. 49 million pixels of AVIF took 860 MB.
 */
const mostPixelsAtOnce = 25_000_000

/** One at a time in this process: each may take 200 MB for a moment, and a core. `UPLOADS_AT_ONCE` bounds who waits. */
const pictures = new FairQueue({ atOnce: 1, most: 1_000, seconds: 0.5 })

/**
 * Makes an avatar of what somebody uploaded: upright, a square of 256 pixels, WebP, without what the camera
 * wrote into it; of an animation the first picture. Refuses with `not-a-picture`.
 */
export async function asAvatar(bytes: Uint8Array, asker: Asker): Promise<Buffer> {
  // By the first bytes, not by what the client calls them: sharp would also take SVG, which can name files.
  if (!looksLikePicture(bytes)) throw refuse(problem['not-a-picture'])
  return pictures.do(asker, () => convert(bytes))
}

async function convert(bytes: Uint8Array): Promise<Buffer> {
  const sharp = await loadSharp()
  try {
    const options = { failOn: 'error', pages: 1 } as const
    // By its head: nothing has been unfolded yet.
    const { width, height, depth, format, isProgressive } = await sharp(bytes, {
      ...options,
      limitInputPixels: false,
    }).metadata()
    // Baseline JPEG and plain PNG are read line by line.
    const isStreamed = (format === 'jpeg' || format === 'png') && !isProgressive
    const isDear = depth !== 'uchar' || format === 'heif'
    const most = isStreamed ? mostPixels : isDear ? mostPixelsAtOnce / 2 : mostPixelsAtOnce
    if (width * height > most) throw new TooManyPixels(most)
    return await sharp(bytes, { ...options, limitInputPixels: mostPixels })
      .autoOrient()
      .resize(size, size, { fit: 'cover' })
      .webp({ quality: 82 })
      .timeout({ seconds: 15 })
      .toBuffer()
  } catch (error) {
    throw refuse(problem['not-a-picture'], { detail: whatIsWrong(error) })
  }
}

class TooManyPixels extends Error {
  readonly most: number
  constructor(most: number) {
    super('too many pixels')
    this.most = most
  }
}

/** Loading it takes 130 ms, which a start without a new avatar need not wait for. */
async function loadSharp() {
  const { default: sharp } = await import('sharp')
  // It would take every core for one picture, and keep 50 MB of the last ones.
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}

function whatIsWrong(error: unknown): string {
  if (error instanceof TooManyPixels) return `It has more than ${error.most / 1_000_000} million pixels.`
  const text = error instanceof Error ? error.message : ''
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
