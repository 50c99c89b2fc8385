-- SHA-256 of the code that the first account needs; null: there is none, or no longer. On the place's own row, which is
-- the lock that only one account can be first under.
alter table place add column setup_code_hash bytea;
