import { useContext, useEffect, useRef, useState } from 'react'
import { LinkButton } from '#platform/ui/Button.tsx'
import { copyText } from './actions.ts'
import type { Piece } from './highlight.ts'
import { loadMonoFont } from './mono-font.ts'
import { Printed } from './PrintedRows.tsx'
import { useOverflow } from './useOverflow.ts'

/** From this many lines on it is folded to its beginning. */
const longFrom = 20
const shownFolded = 10

const languageNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bash: 'Shell',
    css: 'CSS',
    csv: 'CSV',
    go: 'Go',
    html: 'HTML',
    js: 'JavaScript',
    javascript: 'JavaScript',
    json: 'JSON',
    jsx: 'JavaScript',
    md: 'Markdown',
    py: 'Python',
    python: 'Python',
    rs: 'Rust',
    rust: 'Rust',
    sh: 'Shell',
    sql: 'SQL',
    ts: 'TypeScript',
    tsx: 'TypeScript',
    typescript: 'TypeScript',
    xml: 'XML',
    yaml: 'YAML',
    yml: 'YAML',
  }),
)

export function CodeBlock(props: { text: string; language: string; lines: number; tab: 0 | -1 }) {
  const { text, language, lines, tab } = props
  const pre = useRef<HTMLPreElement>(null)
  const scrolls = useOverflow(pre)
  const [open, setOpen] = useState(false)
  const [copied, setCopied] = useState(false)
  const printed = useContext(Printed)
  const folded = lines >= longFrom && !open && !printed
  const shown = folded ? text.split('\n', shownFolded).join('\n') : text
  const pieces = useHighlight(shown, language.split(/\s/, 1)[0]!.toLowerCase())
  useEffect(loadMonoFont, [])
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => setCopied(await copyText(text, null))
  return (
    <figure className={folded ? 'code is-folded' : 'code'}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, see useOverflow */}
      <pre ref={pre} tabIndex={scrolls ? 0 : undefined}>
        <code>
          {pieces
            ? pieces.map((piece, at) =>
                piece.kind ? (
                  <span key={at} className={piece.kind}>
                    {piece.text}
                  </span>
                ) : (
                  piece.text
                ),
              )
            : shown}
        </code>
      </pre>
      <div className="corner">
        <LinkButton className="copy" tabIndex={tab} onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy'}
        </LinkButton>
        {language && <span className="language truncate">{languageNames.get(language.toLowerCase()) ?? language}</span>}
      </div>
      {lines >= longFrom && (
        <LinkButton className="unfold" tabIndex={tab} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : `Show all ${lines} lines`}
        </LinkButton>
      )}
    </figure>
  )
}

/** Plain until the highlighter has been loaded; plain for good when it does not know the language. */
function useHighlight(text: string, language: string): Piece[] | undefined {
  const [found, setFound] = useState<{ text: string; pieces: Piece[] | undefined }>()
  useEffect(() => {
    if (!language) return undefined
    let current = true
    const show = async () => {
      const { highlight } = await import('./highlight.ts')
      if (current) setFound({ text, pieces: highlight(text, language) })
    }
    show().catch(() => {}) // plain code says the same
    return () => void (current = false)
  }, [text, language])
  return found?.text === text ? found.pieces : undefined
}
