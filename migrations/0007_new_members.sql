-- Every process asks each second who has been added to what, in case it was not told.
create index members_joined_at on members (joined_at);
