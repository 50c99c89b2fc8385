import { Shell } from './Shell.tsx'
export function Home(props: { conversationId?: string; messageId?: string }) {
  return (
    <Shell sidebarLabel="Conversations" sidebar={<div />} page="list">
      <main>{props.conversationId}</main>
    </Shell>
  )
}
