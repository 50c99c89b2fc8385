/** A grey bone with the real thing's measures, in CSS lengths. Appears only after 300 ms. */
export function Bone({ inlineSize, blockSize, radius }: { inlineSize: string; blockSize?: string; radius?: string }) {
  return <span className="bone" style={{ inlineSize, blockSize, borderRadius: radius }} />
}

/** Around a group of bones: silent to assistive technology, which hears `label` once. */
export function Skeleton({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div aria-busy="true">
      <span className="visually-hidden">{label}</span>
      <div aria-hidden="true">{children}</div>
    </div>
  )
}

/** In place of a page whose code is on its way: a heading and what stands below it. */
export function PageBones() {
  return (
    <Skeleton label="Loading">
      <div className="page-bones">
        <Bone inlineSize="40%" blockSize="1.75rem" />
        {['70%', '92%', '64%', '88%', '56%'].map((width) => (
          <Bone key={width} inlineSize={width} />
        ))}
      </div>
    </Skeleton>
  )
}
