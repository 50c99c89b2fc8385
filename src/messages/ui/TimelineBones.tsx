import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'

const widths = ['92%', '64%', '78%', '40%', '88%', '56%']

/** As many rows as a window has, at its lower edge; they show only when the messages take longer than 300 ms. */
export function TimelineBones({ rows = 6 }: { rows?: number }) {
  return (
    <div className={rows > 1 ? 'bones-stack' : undefined}>
      <Skeleton label={rows > 1 ? 'Loading messages' : 'Loading more messages'}>
        {widths.slice(0, rows).map((width) => (
          <div className="bones" key={width}>
            <Bone inlineSize="var(--avatar)" blockSize="var(--avatar)" radius="28%" />
            <div className="lines">
              <Bone inlineSize="9rem" />
              <Bone inlineSize={width} />
            </div>
          </div>
        ))}
      </Skeleton>
    </div>
  )
}

/** In place of a whole pane of messages of which nothing is known yet. */
export function PaneBones({ beside }: { beside?: boolean }) {
  return (
    <div className={beside ? 'message-pane in-thread' : 'message-pane'}>
      <TimelineBones />
    </div>
  )
}
