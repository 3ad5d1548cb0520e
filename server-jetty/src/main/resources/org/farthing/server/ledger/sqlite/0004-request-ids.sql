-- Ids of signed requests that were used, kept for as long as such a request could be valid: each is used once, whichever node
-- it comes to and whatever process was there before.
CREATE TABLE request_id (
  caller TEXT NOT NULL,
  id TEXT NOT NULL,
  keep_until BIGINT NOT NULL,
  PRIMARY KEY (caller, id)
) WITHOUT ROWID;

CREATE INDEX request_id_retention ON request_id (keep_until);
