-- What each API process says of itself, for the page /admin/health: see docs/decisions/20261122-health-page.md.
-- Unlogged: nobody misses it after a crash of the server, since every process says it again within seconds. And such a
-- commit writes no log, so it waits neither for a disk nor for a standby: the page works while sends wait for one.
create unlogged table api_processes (
  id uuid primary key,
  said_at timestamptz not null default now(),
  -- In good order; a process that only falls silent never says it.
  stopped_at timestamptz,
  report jsonb not null
);
