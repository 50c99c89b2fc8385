import { Fragment, memo, useEffect, useMemo, useRef, type ReactNode } from 'react'
import { PersonName } from '#accounts/ui/PersonName.tsx'
import { useMe } from '#accounts/ui/session.ts'
import { Spared } from '#platform/ui/Spared.tsx'
import { CodeBlock } from './CodeBlock.tsx'
import { EmojiText, mayHoldEmoji } from '#platform/ui/EmojiText.tsx'
import { isEmojiOnly, parse, type Align, type Block, type Inline } from './markdown.ts'
import { loadMonoFont } from './mono-font.ts'
import { useOverflow } from './useOverflow.ts'
import './Markdown.css'

/**
 * A body as elements; there is no HTML on the way. `tab` is 0 while its message is the one that Tab goes into, and
 * `after` follows the last word.
 */
export const Markdown = memo(function Markdown(props: { body: string; tab: 0 | -1; after?: ReactNode }) {
  const { body, after } = props
  const plain = (
    <div className="body" dir="auto">
      {body} {after}
    </div>
  )
  return (
    <Spared of={body} plain={plain}>
      <Body {...props} />
    </Spared>
  )
})

function Body({ body, tab, after }: { body: string; tab: 0 | -1; after?: ReactNode }) {
  const tree = useMemo(() => parse(body), [body])
  if (isEmojiOnly(body)) {
    return (
      <div className="body is-emoji">
        <EmojiText text={body.trim()} /> {after}
      </div>
    )
  }
  const last = tree.at(-1)
  const inside = last?.kind === 'paragraph'
  return (
    <div className="body" dir="auto">
      {tree.map((block, at) => (
        <OneBlock key={at} block={block} tab={tab} after={inside && at === tree.length - 1 ? after : undefined} />
      ))}
      {!inside && after}
    </div>
  )
}

function OneBlock({ block, tab, after }: { block: Block; tab: 0 | -1; after?: ReactNode }): ReactNode {
  const within = (children: Inline[]) => <Words of={children} tab={tab} />
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          {within(block.children)}
          {after && <> {after}</>}
        </p>
      )
    case 'fence':
      return <CodeBlock {...block} tab={tab} />
    case 'quote':
      return <blockquote>{blocksOf(block.children, tab)}</blockquote>
    case 'list': {
      const items = block.items.map((item, at) => (
        <li key={at} value={item.number} className={item.done === undefined ? undefined : 'task'}>
          {item.done !== undefined && (
            <>
              <span aria-hidden="true">{item.done ? '☑ ' : '☐ '}</span>
              <span className="visually-hidden">{item.done ? 'Done: ' : 'Open: '}</span>
            </>
          )}
          {item.children.map((child, n) =>
            // A single line needs no paragraph of its own in a list.
            child.kind === 'paragraph' && n === 0 ? (
              <Fragment key={n}>{within(child.children)}</Fragment>
            ) : (
              <OneBlock key={n} block={child} tab={tab} />
            ),
          )}
        </li>
      ))
      return block.start === undefined ? (
        <ul className="list">{items}</ul>
      ) : (
        <ol className="list" start={block.start}>
          {items}
        </ol>
      )
    }
    case 'table':
      return (
        <Scrolling>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, at) => (
                  <th key={at} scope="col" className={alignOf(block.align[at])}>
                    {within(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, n) => (
                    <td key={n} className={alignOf(block.align[n])}>
                      {within(cell)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      )
    case 'rule':
      return <hr />
  }
}

/** A table scrolls inside itself and never widens the page. */
function Scrolling({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const scrolls = useOverflow(place)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see useOverflow
    <div className="table" ref={place} tabIndex={scrolls ? 0 : undefined}>
      {children}
    </div>
  )
}

const blocksOf = (blocks: Block[], tab: 0 | -1) =>
  blocks.map((block, at) => <OneBlock key={at} block={block} tab={tab} />)

const alignOf = (align: Align | undefined) =>
  align === 'center' ? 'is-center' : align === 'right' ? 'is-right' : undefined

function Words({ of, tab }: { of: Inline[]; tab: 0 | -1 }): ReactNode {
  return of.map((each, at) => {
    // Ten thousand lines are no components.
    if (each.kind === 'text') return mayHoldEmoji(each.text) ? <EmojiText key={at} text={each.text} /> : each.text
    return each.kind === 'break' ? <br key={at} /> : <Word key={at} of={each} tab={tab} />
  })
}

function Word({ of, tab }: { of: Inline; tab: 0 | -1 }): ReactNode {
  switch (of.kind) {
    case 'text':
      return of.text
    case 'break':
      return <br />
    case 'strong':
      return (
        <strong>
          <Words of={of.children} tab={tab} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Words of={of.children} tab={tab} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Words of={of.children} tab={tab} />
        </s>
      )
    case 'code':
      return <InlineCode text={of.text} />
    case 'link':
      return (
        <a href={of.href} target="_blank" rel="noopener noreferrer" tabIndex={tab}>
          <Words of={of.children} tab={tab} />
        </a>
      )
    case 'mention':
      return <Mention accountId={of.accountId} />
    case 'channel':
      return <span className="mention me-too">@channel</span>
  }
}

function InlineCode({ text }: { text: string }) {
  useEffect(loadMonoFont, [])
  return <code className="inline">{text}</code>
}

function Mention({ accountId }: { accountId: string }) {
  const me = useMe()
  const mine = accountId === me.id
  return (
    <span className={mine ? 'mention me-too' : 'mention'} data-mention={accountId}>
      @<PersonName id={accountId} />
    </span>
  )
}
