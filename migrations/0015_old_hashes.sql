-- Passwords kept as releases before kept them, without a word of algorithm and cost. Signing in asks whether there are
-- any left, and each that signs in leaves this index, until it is empty.
create index credentials_old_hash on credentials (id) where password not like '$%';
