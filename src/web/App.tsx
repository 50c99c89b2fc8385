import { Redirect, Route, Switch } from 'wouter'
import { leaving, session } from '#accounts/ui/session.ts'
import { activityPath, threadsPath } from '#conversations/ui/addresses.ts'
import { lazily } from '#platform/ui/lazily.tsx'
import { LiveRegion } from '#platform/ui/LiveRegion.tsx'
import { MenuHost } from '#platform/ui/MenuHost.tsx'
import { useStore } from '#platform/ui/store.ts'
import { ToastHost } from '#platform/ui/ToastHost.tsx'
import { TooltipHost } from '#platform/ui/Tooltip.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Keys } from './Keys.tsx'
import { Unreachable } from './Unreachable.tsx'
import { Home } from './Home.tsx'
import { NothingHerePage } from './NothingHere.tsx'
import { UntitledPane, UntitledWindow } from './UntitledPane.tsx'
import { Window } from './Window.tsx'

const page = { missing: 'page' } as const
const inTheSheet = { missing: 'page', frame: UntitledPane } as const
const inTheWindow = { missing: 'page', frame: UntitledWindow } as const
const SignIn = lazily(() => import('#accounts/ui/SignIn.tsx').then((module) => module.SignIn), page)
const FirstRun = lazily(() => import('#accounts/ui/FirstRun.tsx').then((module) => module.FirstRun), page)
const Join = lazily(() => import('#accounts/ui/Join.tsx').then((module) => module.Join), page)
const SignOut = lazily(() => import('./SignOut.tsx').then((module) => module.SignOut))
const ResetPassword = lazily(
  () => import('#accounts/ui/ResetPassword.tsx').then((module) => module.ResetPassword),
  page,
)
const OtherAccount = lazily(() => import('./OtherAccount.tsx').then((module) => module.OtherAccount), page)
const Activity = lazily(() => import('./ActivityPage.tsx').then((module) => module.ActivityPage), inTheSheet)
const Threads = lazily(() => import('./ThreadsPage.tsx').then((module) => module.ThreadsPage), inTheSheet)
const Admin = lazily(() => import('./AdminPage.tsx').then((module) => module.AdminPage), inTheWindow)
const Settings = lazily(() => import('./SettingsPage.tsx').then((module) => module.SettingsPage), inTheWindow)

/** Which page this is, and what every page has: tooltips, menus, toasts and the one live region. */
export function App() {
  return (
    <>
      <ErrorBoundary>
        <Pages />
      </ErrorBoundary>
      <Keys />
      <Leaving />
      <MenuHost />
      <ToastHost />
      <TooltipHost />
      <LiveRegion />
    </>
  )
}

const stay = () => leaving.set(false)

function Leaving() {
  return useStore(leaving) && <SignOut onClose={stay} />
}

function Pages() {
  const now = useStore(session)
  if (now.state === 'starting') return null
  if (now.state === 'unreachable') return <Unreachable />
  if (now.state === 'signed-out') {
    if (now.place.signUp === 'first') return <FirstRun />
    return (
      <Switch>
        <Route path="/join/:token?">{({ token }) => <Join token={token} />}</Route>
        <Route path="/reset">
          <ResetPassword />
        </Route>
        {/* Whatever the address is, it opens once signed in: that is how a colleague's link works. */}
        <Route>
          <SignIn />
        </Route>
      </Switch>
    )
  }
  if (now.state === 'other-account') return <OtherAccount mine={now.mine} me={now.me} />
  return (
    <Switch>
      <Route path="/">
        <Home />
      </Route>
      <Route path="/c/:conversationId/m/:messageId">
        {({ conversationId, messageId }) => <Home conversationId={conversationId} messageId={messageId} />}
      </Route>
      <Route path="/c/:conversationId">{({ conversationId }) => <Home conversationId={conversationId} />}</Route>
      <Route path={activityPath}>
        <Window page="main" listed="activity">
          <Activity />
        </Window>
      </Route>
      <Route path={threadsPath}>
        <Window page="main" listed="threads">
          <Threads />
        </Window>
      </Route>
      <Route path="/settings/:section?">{({ section }) => <Settings section={section} />}</Route>
      <Route path="/admin/health">
        <Admin />
      </Route>
      <Route path="/join/:token?">{({ token }) => <Join token={token} />}</Route>
      <Route path="/reset">
        <ResetPassword />
      </Route>
      <Route path="/sign-in">
        <Redirect to="/" replace />
      </Route>
      <Route>
        <Window page="main">
          <NothingHerePage />
        </Window>
      </Route>
    </Switch>
  )
}
