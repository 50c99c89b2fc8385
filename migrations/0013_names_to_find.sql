-- Names as they are looked for and as they look, written by the program (src/platform/contract/fold.ts,
-- src/platform/text/skeleton.ts): folding in SQL would be a second table of letters, and lower() of a database in the C
-- locale knows ASCII alone.
--
-- A process of the release before writes a name and none of these columns. Each row says from which name its own were
-- made, so that a row whose name is another is known to be behind: it is found as before until the next process that
-- looks after names (accounts/fold-names.ts) brings it up, old rows in batches when a process starts.
alter table accounts
  add column name_folded_from text,
  add column name_fold_version smallint,
  -- The beginnings of words: every suffix that begins one, so that a prefix finds it.
  add column name_words tsvector,
  -- What the name looks like, to refuse others that look like somebody who runs the place.
  add column name_looks text;
create index accounts_name_words on accounts using gin (name_words) with (fastupdate = off);
create index accounts_name_looks on accounts (name_looks);
-- Rows that are behind. Not as `is distinct from`, of which the planner believes that nearly all rows are: it takes what
-- statistics say of this expression, and so goes by the index, in which there is usually nothing.
create index accounts_name_behind on accounts (id) where coalesce(name_folded_from <> name, true);
create statistics accounts_name_behind on (coalesce(name_folded_from <> name, true)) from accounts;

-- For channels in a table of its own: a send changes a row of conversations, which shall not grow for it. No foreign key:
-- conversations are never deleted, and the check would take a lock on the row that sends wait for.
create table channel_names (
  conversation_id uuid primary key,
  name text not null,
  fold_version smallint not null,
  folded text not null,
  -- One channel for what reads alike. Null where an older channel has it: what there was before the rule stays.
  reads text unique
);
